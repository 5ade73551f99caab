/**
 * Everything that can keep a person from signing in or up.
 * - `unknown-user`, `no-passkey`, `inactive`: what the server knows of that identifier.
 * - `rejected`: the server did not accept the passkey, or the ceremony took too long.
 * - `taken`: somebody has that identifier already. `invalid-identifier`: nobody can have it.
 * - `closed`: the app has no public sign-up, or the invitation is used or too old.
 * - `cancelled`: the person closed the prompt, or it timed out; or the caller's signal.
 * - `has-passkey`: this device holds a passkey for that identifier already.
 * - `unsupported`: the browser has no passkeys. `wrong-address`: they do not work at this page's address.
 * - `throttled`: too many tries; see `retryAfter`.
 * - `unreachable`: no answer, or none that makes sense.
 * - `failed`: anything else.
 */
export type PasskeyErrorCode =
  | 'unknown-user'
  | 'no-passkey'
  | 'inactive'
  | 'rejected'
  | 'taken'
  | 'invalid-identifier'
  | 'closed'
  | 'cancelled'
  | 'has-passkey'
  | 'unsupported'
  | 'wrong-address'
  | 'throttled'
  | 'unreachable'
  | 'failed'

export interface PasskeyErrorDetails {
  readonly cause?: unknown
  /** Seconds the server asks to wait. */
  readonly retryAfter?: number | undefined
}

export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
  readonly code: PasskeyErrorCode
  /** Seconds the server asks to wait. */
  readonly retryAfter: number | undefined

  constructor(code: PasskeyErrorCode, { cause, retryAfter }: PasskeyErrorDetails = {}) {
    super(code, { cause })
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** True for a `PasskeyError` of any copy of this library. */
export const isPasskeyError = (error: unknown): error is PasskeyError =>
  error instanceof Error && error.name === 'PasskeyError' && 'code' in error

/** By the server's error codes. */
const refusals: Readonly<Record<string, PasskeyErrorCode>> = {
  user_not_found: 'unknown-user',
  user_has_no_passkeys: 'no-passkey',
  user_not_active: 'inactive',
  webauthn_login_failed: 'rejected',
  conflict: 'taken',
  invalid_request: 'invalid-identifier',
  operation_not_allowed: 'closed',
  origin_not_allowed: 'wrong-address',
  rate_limited: 'throttled',
  unavailable: 'unreachable',
}

export const refusal = (code: unknown, status: number, retryAfter?: number): PasskeyError =>
  new PasskeyError(refusals[String(code)] ?? (status >= 500 ? 'unreachable' : 'failed'), { retryAfter })

/** By the names of what WebAuthn throws (https://www.w3.org/TR/webauthn-3/#sctn-op-make-cred). */
const failures: Readonly<Record<string, PasskeyErrorCode>> = {
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
  InvalidStateError: 'has-passkey',
  SecurityError: 'wrong-address',
  NotSupportedError: 'unsupported',
}

export const asPasskeyError = (cause: unknown): PasskeyError =>
  isPasskeyError(cause)
    ? cause
    : new PasskeyError(failures[(cause as Error | undefined)?.name ?? ''] ?? 'failed', { cause })
