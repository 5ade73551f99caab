/**
 * Why a request is refused.
 * - `token_missing`: the request has no auth token.
 * - `token_expired`: the auth token has expired. The client refreshes it and sends the request again.
 * - `token_invalid`: the value is not an auth token of this app; `cause` says why.
 * - `token_revoked`: the session of the token has ended.
 * - `token_unbound`: the route needs a token that is bound to a key of the client, and this one is not.
 * - `insufficient_user_authentication`: the user authenticated longer ago, or in another way, than the route allows. The
 *   user authenticates again.
 * - `proof_invalid`: the token is bound to a key, and the request does not prove that key; `reason` says why.
 * - `proof_stale`: the proof is too old, or was used before. The client makes a new one with the nonce of the answer.
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
  | 'token_unbound'
  | 'insufficient_user_authentication'
  | 'proof_invalid'
  | 'proof_stale'
  | 'forbidden'
  | 'origin_not_allowed'
  | 'keys_unavailable'
  | 'revocations_unavailable'

interface Refusal {
  readonly status: 401 | 403 | 503
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

/** The algorithms of a proof (RFC 7518, RFC 8037, RFC 9864). */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519'] as const

/** RFC 6750 section 3: the challenge names the error, except if the request had no credentials. */
const challenge = (error: string, text: string) => ({
  'www-authenticate': `Bearer error="${error}", error_description="${text}"`,
})
const unauthorized = (text: string, error = 'invalid_token'): Refusal => ({
  status: 401,
  text,
  headers: challenge(error, text),
})
/** RFC 9449 section 7.1. */
const unproven = (error: string, text: string): Refusal => ({
  status: 401,
  text,
  headers: toDpop(challenge(error, text)),
})
const toDpop = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replace(
        /^Bearer( .*)?$/,
        (_, rest = '') => `DPoP${rest && `${rest},`} algs="${PROOF_ALGORITHMS.join(' ')}"`,
      ),
    ]),
  )
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
  token_unbound: unproven('invalid_token', 'a token that is bound to a key is needed'),
  insufficient_user_authentication: unauthorized(
    'a more recent or a stronger sign-in is needed: sign in again',
    'insufficient_user_authentication',
  ),
  proof_invalid: unproven('invalid_dpop_proof', 'the proof of the key of this token is not accepted'),
  proof_stale: unproven('use_dpop_nonce', 'make the proof again, with this nonce'),
  forbidden: forbidden('this user is not allowed to do this'),
  origin_not_allowed: forbidden('this origin is not allowed to do this'),
  keys_unavailable: unavailable('the auth token cannot be verified now: try again'),
  revocations_unavailable: unavailable('ended sessions are not known now: try again'),
}

/** The options of an `AuthError`. */
export interface AuthErrorOptions extends ErrorOptions {
  /** Why, for the log of the API server. */
  readonly reason?: string
  /** The nonce for the next proof of the client (RFC 9449 section 9). */
  readonly nonce?: string
  /** The scheme of the challenge: that of the request. Default: `Bearer`, or `DPoP` if the error is about a proof. */
  readonly scheme?: 'Bearer' | 'DPoP'
  /** For `insufficient_user_authentication`: how long ago the user may have signed in, in seconds (RFC 9470 section 3). */
  readonly maxAgeSeconds?: number | undefined
  /** For `insufficient_user_authentication`: the classes of authentication that suffice (RFC 9470 section 3). */
  readonly acrValues?: readonly string[] | undefined
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
  /** The headers to send: `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1), `DPoP-Nonce` or `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>
  /** Why, in more detail than the message. It is for your log only. Default: the messages of the causes. */
  readonly reason: string

  constructor(code: AuthErrorCode, options: AuthErrorOptions = {}) {
    const { status, text, headers: plain } = refusals[code]
    const { scheme, nonce } = options
    const headers = withRequirements(plain, options)
    super(text, options)
    this.code = code
    this.reason = options.reason ?? (messagesOf(options.cause) || text)
    this.status = status
    this.headers = {
      ...(scheme === 'DPoP' ? toDpop(headers) : headers),
      ...(nonce !== undefined && { 'dpop-nonce': nonce }),
    }
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

/** Adds to the challenge what the authentication must be (RFC 9470 section 3). */
const withRequirements = (
  headers: Readonly<Record<string, string>>,
  { maxAgeSeconds, acrValues }: AuthErrorOptions,
): Readonly<Record<string, string>> => {
  const asked = [
    ...(maxAgeSeconds === undefined ? [] : [`max_age="${maxAgeSeconds}"`]),
    ...(acrValues ? [`acr_values="${acrValues.join(' ')}"`] : []),
  ]
  return asked.length
    ? { ...headers, 'www-authenticate': [headers['www-authenticate'], ...asked].join(', ') }
    : headers
}

/** The messages of an error and of its causes. `fetch` puts the useful one into a cause. */
const messagesOf = (error: unknown): string =>
  error instanceof Error
    ? [error.message || (error as { code?: string }).code, messagesOf(error.cause)].filter(Boolean).join(' ')
    : ''
