import { isPasskeyError, type PasskeyErrorCode } from '@tokenkeep/elements'
import { Refused } from './sign-in.ts'

const failures: Record<PasskeyErrorCode, string> = {
  'unknown-user': 'Nobody goes by that name here yet. Create a passkey first.',
  'no-passkey': 'That name has no passkey yet. Create one first.',
  inactive: 'That account is switched off.',
  rejected: 'The server did not accept that passkey. Try another one.',
  taken: 'That name is taken. Sign in with its passkey instead.',
  'invalid-identifier': 'That name cannot be used. Try another one.',
  closed: 'This app does not allow that way in.',
  cancelled: 'The passkey prompt was closed or timed out. Nothing has changed.',
  'has-passkey': 'This device already holds a passkey for that name. Sign in with it instead.',
  unsupported: 'This browser has no passkeys. Continue without one.',
  'wrong-address': 'Passkeys do not work at this address. Open the page at the one it was set up for.',
  throttled: 'Too many tries. Wait a little, then try again.',
  unreachable: 'The session server does not answer. Is it running?',
  failed: 'That did not work. Please try again.',
}
const refusals: Record<string, string> = {
  identifier_invalid: failures['invalid-identifier'],
  session_server_unavailable: failures.unreachable,
}

/** What went wrong, in words for the person at the keyboard. */
export const explain = (error: unknown): string => {
  if (isPasskeyError(error)) return failures[error.code]
  if (error instanceof Refused) return refusals[error.code] ?? `The server refused (${error.code}).`
  if (error instanceof TypeError)
    return 'The server does not answer. Check that it is running, then try again.'
  return failures.failed
}
