/**
 * Why a request is refused.
 * - `token_missing`: the request has no auth token.
 * - `token_expired`: the auth token has expired. The client refreshes it and sends the request again.
 * - `token_invalid`: the value is not an auth token of this app; `cause` says why.
 * - `token_revoked`: the session of the token has ended.
 * - `forbidden`: the token is valid, but its user may not do this.
 * - `origin_not_allowed`: the token came in a cookie, from a page of another origin.
 * - `keys_unavailable`: the public keys of the session server could not be fetched.
 * - `revocations_unavailable`: the revocation feed is down, and `whenDown` is `refuse`.
 */
export type AuthErrorCode =
  | 'token_missing'
  | 'token_expired'
  | 'token_invalid'
  | 'token_revoked'
  | 'forbidden'
  | 'origin_not_allowed'
  | 'keys_unavailable'
  | 'revocations_unavailable'

interface Refusal {
  readonly status: 401 | 403 | 503
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

/** RFC 6750 section 3: the challenge names the error, except if the request had no credentials. */
const challenge = (error: string, text: string) => ({
  'www-authenticate': `Bearer error="${error}", error_description="${text}"`,
})
const unauthorized = (text: string): Refusal => ({
  status: 401,
  text,
  headers: challenge('invalid_token', text),
})
const forbidden = (text: string): Refusal => ({
  status: 403,
  text,
  headers: challenge('insufficient_scope', text),
})
/** The client may try again after a second (RFC 9110 section 10.2.3). */
const unavailable = (text: string): Refusal => ({ status: 503, text, headers: { 'retry-after': '1' } })

const refusals: Record<AuthErrorCode, Refusal> = {
  token_missing: { status: 401, text: 'an auth token is needed', headers: { 'www-authenticate': 'Bearer' } },
  token_expired: unauthorized('the auth token has expired: refresh it'),
  token_invalid: unauthorized('this auth token is not accepted'),
  token_revoked: unauthorized('the session has ended: sign in again'),
  forbidden: forbidden('this user is not allowed to do this'),
  origin_not_allowed: forbidden('this origin is not allowed to do this'),
  keys_unavailable: unavailable('the auth token cannot be verified now: try again'),
  revocations_unavailable: unavailable('ended sessions are not known now: try again'),
}

/** The options of an `AuthError`. */
export interface AuthErrorOptions extends ErrorOptions {
  /** Why, for the log of the API server. */
  readonly reason?: string
}

/**
 * A request that is refused, with the response to send. Its message goes to the client, its reason to your log. It never
 * carries a token.
 *
 * @example
 * ```ts
 * import { AuthError } from '@tokenkeep/backend'
 *
 * const error = new AuthError('forbidden')
 * console.log(error.status, error.body.error) // 403 'this user is not allowed to do this'
 * ```
 */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  /** 401: not signed in. 403: signed in, but not allowed. 503: cannot be decided now. */
  readonly status: 401 | 403 | 503
  /** The headers to send: `WWW-Authenticate` (RFC 6750 section 3) or `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** Why, in more detail than the message. It is for your log only. Default: the messages of the causes. */
  readonly reason: string

  constructor(code: AuthErrorCode, options: AuthErrorOptions = {}) {
    const { status, text, headers } = refusals[code]
    super(text, options)
    this.code = code
    this.reason = options.reason ?? (messagesOf(options.cause) || text)
    this.status = status
    this.headers = headers
  }

  /** The body to send, as JSON. */
  get body(): { readonly code: AuthErrorCode; readonly error: string } {
    return { code: this.code, error: this.message }
  }

  /** Returns the response to send, in frameworks that use the Fetch standard. */
  toResponse(): Response {
    return Response.json(this.body, { status: this.status, headers: this.headers })
  }
}

/**
 * Tells whether an error is an `AuthError`, of any copy of this library: bundles do not share classes.
 *
 * @example
 * ```ts
 * import { isAuthError, type Backend } from '@tokenkeep/backend'
 *
 * const handle = (backend: Backend, request: Request): Promise<Response> =>
 *   backend.authenticate(request).then(
 *     ({ userId }) => Response.json({ userId }),
 *     (error) => (isAuthError(error) ? error.toResponse() : Promise.reject(error)),
 *   )
 * ```
 */
export const isAuthError = (error: unknown): error is AuthError =>
  error instanceof Error && error.name === 'AuthError' && 'code' in error

/** The messages of an error and of its causes. `fetch` puts the useful one into a cause. */
const messagesOf = (error: unknown): string =>
  error instanceof Error
    ? [error.message || (error as { code?: string }).code, messagesOf(error.cause)].filter(Boolean).join(' ')
    : ''
