/**
 * Why a sign-in, a sign-up, or a change of the account failed.
 * - `unknown-user`: the app has no user with this identifier.
 * - `no-passkey`: this user has no passkey.
 * - `inactive`: this user is deactivated.
 * - `rejected`: the server did not accept the passkey, or the ceremony took too long.
 * - `taken`: another user has this identifier.
 * - `invalid-identifier`: the app does not allow this identifier.
 * - `closed`: the app has no public sign-up, or the invitation is used or expired.
 * - `signed-out`: nobody is signed in, or the auth token is not accepted.
 * - `sign-in-too-old`: the user signed in too long ago for this, and has not confirmed that it is them.
 * - `only-passkey`: the user has no other passkey than the one to remove.
 * - `not-found`: the passkey is not there any more.
 * - `cancelled`: the user closed the browser's prompt, it timed out, or the caller's signal was aborted.
 * - `has-passkey`: this device already has a passkey for this identifier.
 * - `unsupported`: the browser does not support passkeys.
 * - `insecure`: the address of this page is not secure: it has no https.
 * - `forbidden-frame`: this page is in a frame that may not use passkeys.
 * - `wrong-address`: passkeys do not work at the address of this page.
 * - `throttled`: too many attempts; see `retryAfter`.
 * - `unreachable`: the server did not respond, or it responded with a redirect, a status of 500 or above, or no JSON.
 * - `failed`: any other failure; see `cause`.
 */
export type PasskeyErrorCode =
  | 'unknown-user'
  | 'no-passkey'
  | 'inactive'
  | 'rejected'
  | 'taken'
  | 'invalid-identifier'
  | 'closed'
  | 'signed-out'
  | 'sign-in-too-old'
  | 'only-passkey'
  | 'not-found'
  | 'cancelled'
  | 'has-passkey'
  | 'unsupported'
  | 'insecure'
  | 'forbidden-frame'
  | 'wrong-address'
  | 'throttled'
  | 'unreachable'
  | 'failed'
