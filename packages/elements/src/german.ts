import type { Texts } from './texts.ts'

export const german: Texts = {
  identifier: 'E-Mail oder Name',
  signIn: 'Mit Passkey anmelden',
  signInHint: 'Leer lassen, um unter den Passkeys dieses Geräts zu wählen.',
  signUp: 'Passkey erstellen',
  toSignUp: 'Neu hier? Konto erstellen',
  toSignIn: 'Schon ein Konto? Anmelden',
  waiting: 'Folgen Sie der Aufforderung Ihres Browsers …',
  done: 'Sie sind angemeldet.',
  missingIdentifier: 'Geben Sie Ihre E-Mail oder einen Namen ein.',
  errors: {
    'unknown-user': 'Unter diesem Namen gibt es hier noch niemanden.',
    'no-passkey': 'Dieses Konto hat noch keinen Passkey.',
    inactive: 'Dieses Konto ist abgeschaltet. Wenden Sie sich an den Betreiber.',
    rejected: 'Der Passkey wurde nicht angenommen. Versuchen Sie es noch einmal oder mit einem anderen.',
    taken: 'Der Name ist vergeben. Wenn es Ihrer ist, melden Sie sich an.',
    'invalid-identifier': 'Dieser Name ist nicht möglich. Versuchen Sie einen anderen.',
    closed: 'Konten gibt es hier auf Einladung, und diese gilt nicht mehr. Bitten Sie um einen neuen Link.',
    cancelled: 'Das Fenster wurde geschlossen, oder die Zeit ist abgelaufen. Es hat sich nichts geändert.',
    'has-passkey': 'Dieses Gerät hat schon einen Passkey für diesen Namen. Melden Sie sich damit an.',
    unsupported:
      'Dieser Browser kennt keine Passkeys. Aktualisieren Sie ihn, oder verwenden Sie einen anderen.',
    'wrong-address': 'An dieser Adresse gehen Passkeys nicht. Öffnen Sie die Seite unter ihrer eigenen.',
    throttled: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es noch einmal.',
    unreachable: 'Der Server antwortet nicht. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    failed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  },
}
