/**
 * Why a request is not let in.
 * - `token_missing`: it brings no auth token.
 * - `token_expired`: the token was good once. The client refreshes it and comes again.
 * - `token_invalid`: not an auth token of this app; `cause` says what is wrong with it.
 * - `token_revoked`: the token's session has ended.
 * - `forbidden`: the token is good, and its user may not do this.
 * - `origin_not_allowed`: the token came in a cookie, from a page of another origin.
 * - `keys_unavailable`: the session server's public keys could not be fetched.
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

/** RFC 6750 section 3: without credentials the challenge is bare, otherwise it says what was wrong with them. */
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
const unavailable = (text: string): Refusal => ({ status: 503, text, headers: { 'retry-after': '1' } })

const refusals: Record<AuthErrorCode, Refusal> = {
  token_missing: { status: 401, text: 'an auth token is needed', headers: { 'www-authenticate': 'Bearer' } },
  token_expired: unauthorized('the auth token has expired'),
  token_invalid: unauthorized('this auth token is not accepted'),
  token_revoked: unauthorized('the session has ended'),
  forbidden: forbidden('this user may not do this'),
  origin_not_allowed: forbidden('this origin may not do this'),
  keys_unavailable: unavailable('the session server cannot be reached'),
  revocations_unavailable: unavailable('it is not known which sessions have ended'),
}

/** A request that is not let in, with the answer to give. Carries no token. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  /** 401: who is it? 403: known, and not allowed. 503: cannot be told now. */
  readonly status: 401 | 403 | 503
  /** `WWW-Authenticate` as RFC 6750 has it, or `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(code: AuthErrorCode, options?: ErrorOptions) {
    const { status, text, headers } = refusals[code]
    super(text, options)
    this.code = code
    this.status = status
    this.headers = headers
  }

  /** What the client reads. */
  get body(): { readonly code: AuthErrorCode; readonly error: string } {
    return { code: this.code, error: this.message }
  }

  toResponse(): Response {
    return Response.json(this.body, { status: this.status, headers: this.headers })
  }
}

/** True for an `AuthError` of any copy of this library. */
export const isAuthError = (error: unknown): error is AuthError =>
  error instanceof Error && error.name === 'AuthError' && 'code' in error
