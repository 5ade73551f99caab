import { englishErrors } from './english-errors.ts'
import type { PasskeyErrorCode } from './passkey-error-code.ts'

export interface PasskeyErrorDetails {
  readonly cause?: unknown
  /** How long to wait. Seconds. */
  readonly retryAfter?: number | undefined
}

/**
 * The error with which a sign-in or a sign-up rejects. Its message says in English what the user can do, and ends with a
 * link to the documentation of the code.
 *
 * @example
 * ```ts
 * import { PasskeyError } from '@tokenkeep/elements'
 *
 * const error = new PasskeyError('throttled', { retryAfter: 30 })
 * console.log(error.code, error.retryAfter)
 * ```
 */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
  readonly code: PasskeyErrorCode
  /** For `throttled`: how long the server asks to wait. Seconds. */
  readonly retryAfter: number | undefined

  constructor(code: PasskeyErrorCode, { cause, retryAfter }: PasskeyErrorDetails = {}) {
    super(`${englishErrors[code]} https://tokenkeep.dev/errors/#${code}`, { cause })
    this.code = code
    this.retryAfter = retryAfter
  }
}

/**
 * Tells whether an error is a `PasskeyError`. It recognizes errors from any copy of this library; `instanceof` does not,
 * because bundles do not share classes.
 *
 * @example
 * ```ts
 * import { isPasskeyError } from '@tokenkeep/elements'
 *
 * const isCancelled = (error: unknown) => isPasskeyError(error) && error.code === 'cancelled'
 * ```
 */
export const isPasskeyError = (error: unknown): error is PasskeyError =>
  error instanceof Error && error.name === 'PasskeyError' && 'code' in error

const codeOfServerError: Readonly<Record<string, PasskeyErrorCode>> = {
  user_not_found: 'unknown-user',
  user_has_no_passkeys: 'no-passkey',
  user_not_active: 'inactive',
  webauthn_login_failed: 'rejected',
  conflict: 'taken',
  insufficient_user_authentication: 'sign-in-too-old',
  not_found: 'not-found',
  device_not_found: 'not-found',
  invalid_access_token: 'signed-out',
  invalid_request: 'invalid-identifier',
  operation_not_allowed: 'closed',
  origin_not_allowed: 'wrong-address',
  rate_limited: 'throttled',
  unavailable: 'unreachable',
}

/** The body of an error response. */
interface ServerError {
  readonly code?: unknown
  readonly error?: unknown
}

/** Maps the server's error and HTTP status to an error. `retryAfter` is in seconds. The server's sentence becomes the cause. */
export function fromServerError(
  { code, error }: ServerError,
  status: number,
  retryAfter?: number,
): PasskeyError {
  const known = codeOfServerError[String(code)] ?? (status >= 500 ? 'unreachable' : 'failed')
  return new PasskeyError(known, { retryAfter, cause: new Error(`${String(code)}: ${String(error)}`) })
}

/** The names of the exceptions that WebAuthn throws (https://www.w3.org/TR/webauthn-3/#sctn-op-make-cred). */
const codeOfException: Readonly<Record<string, PasskeyErrorCode>> = {
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
  InvalidStateError: 'has-passkey',
  SecurityError: 'wrong-address',
  NotSupportedError: 'unsupported',
}

/** What browsers say if the user was not asked, because the frame may not use passkeys. */
const FORBIDDEN_FRAME = /publickey-credentials|(permissions|feature) policy|ancestors|cross-origin/i

/** Maps what a browser throws to an error. A `PasskeyError` stays as it is. */
export function toPasskeyError(cause: unknown): PasskeyError {
  if (isPasskeyError(cause)) return cause
  const { name = '', message = '' } = (cause ?? {}) as Partial<Error>
  const code =
    name === 'NotAllowedError' && FORBIDDEN_FRAME.test(message) ? 'forbidden-frame' : codeOfException[name]
  return new PasskeyError(code ?? 'failed', { cause })
}
