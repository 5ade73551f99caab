import type { PasskeyErrorCode } from './passkey-error-code.ts'

/** What the elements show for each error code, and the message of each `PasskeyError`. */
export const englishErrors: Readonly<Record<PasskeyErrorCode, string>> = {
  'unknown-user': 'There is no account with this name.',
  'no-passkey': 'This account has no passkey yet.',
  inactive: 'This account is deactivated. Contact the administrator of this site.',
  rejected: 'This passkey was not accepted. Try again, or use another passkey.',
  taken: 'This name is already in use. If it is yours, sign in instead.',
  'invalid-identifier': 'This name is not allowed. Try another name.',
  closed: 'You can create an account here only with a valid invitation. Ask for a new link.',
  'signed-out': 'You are signed out. Sign in, then try again.',
  'sign-in-too-old': 'You signed in too long ago for this. Try again, and confirm with your passkey.',
  'only-passkey': 'This is your only passkey. Add another one first.',
  'not-found': 'This passkey is not there any more. Load the page again.',
  cancelled: 'The prompt was closed or timed out. Nothing has changed.',
  'has-passkey': 'This device already has a passkey for this name. Sign in with it instead.',
  unsupported: 'This browser does not support passkeys. Update it, or use another browser.',
  insecure: 'Passkeys need a secure address. Open this page with https://.',
  'forbidden-frame': 'Passkeys are not allowed in this frame. Open the page in a tab of its own.',
  'wrong-address': 'Passkeys do not work at this address. Open the page at its usual address.',
  throttled: 'Too many attempts. Wait a minute, then try again.',
  unreachable: 'The server does not answer. Check your connection, then try again.',
  failed: 'Something went wrong. Try again.',
}
