import { isPasskeyError, type PasskeyErrorCode } from '@tokenkeep/elements'
import { Refused } from './sign-in.ts'

const failures: Record<PasskeyErrorCode, string> = {
  'unknown-user': 'No account has that name. Create a passkey first.',
  'no-passkey': 'That account has no passkey. Create one first.',
  inactive: 'This account is deactivated.',
  rejected: 'The server did not accept that passkey. Try another one.',
  taken: 'That name is taken. Sign in with its passkey instead.',
  'invalid-identifier': 'That name cannot be used. Try another one.',
  closed: 'You can create an account here only with a valid invitation.',
  'signed-out': 'You are signed out. Sign in, then try again.',
  'sign-in-too-old': 'You signed in too long ago for this. Try again, and confirm with your passkey.',
  'only-passkey': 'This is your only passkey. Add another one first.',
  'not-found': 'This passkey is not there any more.',
  cancelled: 'The passkey prompt was closed or timed out. Please try again.',
  'has-passkey': 'This device already holds a passkey for that name. Sign in with it instead.',
  unsupported: 'This browser does not support passkeys. Continue without one.',
  insecure: 'Passkeys need a secure address. Open this page with https://.',
  'forbidden-frame': 'This page is in a frame that may not use passkeys. Open it on its own.',
  'wrong-address': 'Passkeys do not work at this address. Open the page at the address it was set up for.',
  throttled: 'Too many tries. Wait a little, then try again.',
  unreachable: 'The session server does not respond. Check that it is running, then try again.',
  failed: 'Something went wrong. Please try again.',
}
const refusals: Record<string, string> = {
  identifier_invalid: failures['invalid-identifier'],
  session_server_unavailable: failures.unreachable,
}

/** Describes an error for the user. */
export const explain = (error: unknown): string => {
  if (isPasskeyError(error)) return failures[error.code]
  if (error instanceof Refused)
    return refusals[error.code] ?? `The server refused the sign-in (${error.code}).`
  if (error instanceof TypeError)
    return 'The server does not respond. Check that it is running, then try again.'
  return failures.failed
}
