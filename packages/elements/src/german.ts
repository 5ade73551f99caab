import type { Texts } from './texts.ts'

/**
 * The German texts.
 *
 * @example
 * ```ts
 * import { german } from '@tokenkeep/elements/define'
 *
 * document.createElement('tokenkeep-auth').texts = german
 * ```
 */
export const german: Texts = {
  language: 'de',
  identifier: 'E-Mail oder Name',
  signIn: 'Mit Passkey anmelden',
  signInHint: 'Lassen Sie das Feld leer, um einen Passkey auf diesem Gerät auszuwählen.',
  signUp: 'Passkey erstellen',
  invitedHint: 'Lassen Sie das Feld leer, wenn die Einladung einen verlorenen Passkey ersetzt.',
  toSignUp: 'Neu hier? Konto erstellen',
  toSignIn: 'Schon ein Konto? Anmelden',
  waiting: 'Folgen Sie der Aufforderung Ihres Browsers …',
  done: 'Sie sind angemeldet.',
  reauthenticate: 'Mit Passkey bestätigen',
  reauthenticateHint: 'Bestätigen Sie, dass Sie es sind. Sie bleiben angemeldet.',
  reauthenticated: 'Bestätigt.',
  missingIdentifier: 'Geben Sie Ihre E-Mail-Adresse oder Ihren Namen ein.',
  errors: {
    'unknown-user': 'Es gibt hier kein Konto mit diesem Namen.',
    'no-passkey': 'Dieses Konto hat noch keinen Passkey.',
    inactive: 'Dieses Konto ist deaktiviert. Wenden Sie sich an den Betreiber dieser Website.',
    rejected: 'Dieser Passkey wurde nicht akzeptiert. Versuchen Sie es noch einmal oder mit einem anderen.',
    taken: 'Dieser Name ist schon vergeben. Wenn er Ihnen gehört, melden Sie sich an.',
    'invalid-identifier': 'Dieser Name ist nicht erlaubt. Versuchen Sie einen anderen.',
    closed:
      'Sie können hier nur mit einer gültigen Einladung ein Konto erstellen. Bitten Sie um einen neuen Link.',
    'signed-out': 'Sie sind abgemeldet. Melden Sie sich an und versuchen Sie es dann noch einmal.',
    'sign-in-too-old':
      'Ihre Anmeldung ist dafür zu lange her. Versuchen Sie es noch einmal und bestätigen Sie mit Ihrem Passkey.',
    'only-passkey': 'Das ist Ihr einziger Passkey. Fügen Sie zuerst einen anderen hinzu.',
    'not-found': 'Diesen Passkey gibt es nicht mehr. Laden Sie die Seite neu.',
    cancelled:
      'Die Aufforderung wurde geschlossen, oder die Zeit ist abgelaufen. Es hat sich nichts geändert.',
    'has-passkey': 'Auf diesem Gerät gibt es schon einen Passkey für diesen Namen. Melden Sie sich damit an.',
    unsupported:
      'Dieser Browser unterstützt keine Passkeys. Aktualisieren Sie ihn, oder verwenden Sie einen anderen.',
    insecure: 'Passkeys brauchen eine sichere Adresse. Öffnen Sie diese Seite mit https://.',
    'forbidden-frame':
      'In diesem Rahmen sind Passkeys nicht erlaubt. Öffnen Sie die Seite in einem eigenen Tab.',
    'wrong-address':
      'Passkeys funktionieren unter dieser Adresse nicht. Öffnen Sie die Seite unter ihrer üblichen Adresse.',
    throttled: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
    unreachable:
      'Der Server antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es dann noch einmal.',
    failed: 'Etwas ist schiefgegangen. Versuchen Sie es noch einmal.',
  },
  account: {
    signedOut: 'Melden Sie sich an, um Ihre Passkeys und Sitzungen zu sehen.',
    loading: 'Wird geladen …',
    retry: 'Noch einmal versuchen',
    passkeys: 'Passkeys',
    passkeysHint: 'Mit einem davon melden Sie sich an.',
    onlyPasskeyHint:
      'Fügen Sie einen zweiten Passkey hinzu, damit Sie sich auch anmelden können, wenn Sie diesen verlieren.',
    noPasskeyHint:
      'Sie haben noch keinen Passkey. Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder PIN an.',
    addPasskey: 'Passkey hinzufügen',
    createdOn: (date) => `Erstellt am ${date}`,
    lastUsed: (when) => `Zuletzt verwendet: ${when}`,
    rename: 'Umbenennen',
    name: 'Name des Passkeys',
    missingName: 'Geben Sie einen Namen ein.',
    save: 'Speichern',
    cancel: 'Abbrechen',
    remove: 'Entfernen',
    removeQuestion: (name) => `„${name}“ entfernen? Sie können sich dann nicht mehr damit anmelden.`,
    removePasskey: 'Passkey entfernen',
    sessions: 'Wo Sie angemeldet sind',
    sessionsHint: 'Beenden Sie Sitzungen, die Sie nicht mehr brauchen oder nicht kennen.',
    currentSession: 'Dieser Browser',
    device: (browser, system) => `${browser} unter ${system}`,
    unknownDevice: 'Unbekanntes Gerät',
    activeNow: 'Jetzt aktiv',
    lastActive: (when) => `Zuletzt aktiv: ${when}`,
    end: 'Beenden',
    endOthers: 'Alle anderen Sitzungen beenden',
    changed: {
      'passkey-added': 'Der Passkey wurde hinzugefügt.',
      'passkey-renamed': 'Der Passkey wurde umbenannt.',
      'passkey-removed': 'Der Passkey wurde entfernt.',
      'session-ended': 'Die Sitzung wurde beendet.',
      'other-sessions-ended': 'Alle anderen Sitzungen wurden beendet.',
    },
    errors: {
      'has-passkey':
        'Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto. Verwenden Sie ein anderes Gerät oder einen Sicherheitsschlüssel.',
      'no-passkey':
        'Ihre Anmeldung ist dafür zu lange her. Melden Sie sich ab und wieder an, und versuchen Sie es dann noch einmal.',
      'not-found': 'Diesen Passkey gibt es nicht mehr.',
    },
  },
}
