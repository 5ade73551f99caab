import { Refused } from './sign-in.ts'

const refusals: Record<string, string> = {
  user_not_found: 'Nobody goes by that name here yet. Create a passkey first.',
  user_has_no_passkeys: 'That name has no passkey yet. Create one first.',
  user_not_active: 'That account is switched off.',
  webauthn_login_failed: 'The server did not accept that passkey. Try another one.',
  conflict: 'That name is taken. Sign in with its passkey instead.',
  operation_not_allowed: 'This app does not allow that way in.',
  origin_not_allowed: 'This address may not talk to the session server. Add it to the origins of the app.',
  invalid_request: 'That name cannot be used. Try another one.',
  identifier_invalid: 'That name cannot be used. Try another one.',
  session_server_unavailable: 'The session server does not answer. Is it running?',
}

/** What went wrong, in words for the person at the keyboard. */
export const explain = (error: unknown): string => {
  if (error instanceof Refused) return refusals[error.code] ?? `The server refused (${error.code}).`
  if (!(error instanceof Error)) return 'That did not work. Please try again.'
  switch (error.name) {
    case 'NotAllowedError':
    case 'AbortError':
      return 'The passkey prompt was closed or timed out. Nothing has changed.'
    case 'InvalidStateError':
      return 'This device already holds a passkey for that name. Sign in with it instead.'
    case 'SecurityError':
      return 'Passkeys do not work at this address. Open the page at the one it was set up for.'
    case 'TypeError':
      return 'The server does not answer. Check that it is running, then try again.'
    default:
      return 'That did not work. Please try again.'
  }
}
