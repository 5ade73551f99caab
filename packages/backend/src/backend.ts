import type { SigningAlgorithm } from '@tokenkeep/protocol'
import { createManagementApi, requireApiKey } from './management/management-api.ts'
import { createSettings, type AppSettings } from './management/settings.ts'
import { createUsers, type Users } from './management/users.ts'
import {
  followRevocations,
  type RevocationFeed,
  type RevocationFollower,
  type RevocationsOptions,
} from './revocations/feed.ts'
import { createRefusalLog } from './refusal-log.ts'
import { elapsed } from './timing.ts'
import { createAssuranceCheck, type AssuranceOptions } from './tokens/assurance.ts'
import { AuthError, isAuthError } from './tokens/auth-error.ts'
import { checkOrigin, readCredentials, type IncomingRequest } from './tokens/credentials.ts'
import { createKeySet } from './tokens/key-set.ts'
import { createProofChecker } from './tokens/proof.ts'
import type { DpopOptions } from './tokens/proof-options.ts'
import { createVerifier, type Auth } from './tokens/verify.ts'

/** The options of `createBackend`. */
export interface BackendOptions {
  /** The address of the session server, such as `https://auth.example.com`. */
  readonly url: string
  /**
   * The `iss` claim that tokens must have. Set it if `url` is an internal address: then it is the public one, such as
   * `https://auth.example.com/v1/apps/shop`. Default: made of `url` and `appId`.
   */
  readonly issuer?: string | undefined
  /** The id of your app on the session server. */
  readonly appId: string
  /** Needed for `users`, `settings` and `revocations()`. Tokens are verified without an API key. */
  readonly apiKey?: string | undefined
  /** The cookie that holds the auth token if there is no `Authorization` header. Default: no cookie is read. */
  readonly cookie?: string
  /** Needed if clients bind their sessions to a key (DPoP, RFC 9449). Default: a bound token is refused. */
  readonly dpop?: DpopOptions | undefined
  /** The accepted signature algorithms (RFC 7518). Default: EdDSA, ES256 and RS256, all that a session server uses. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** How far the clocks of this server and the session server may differ. Seconds; default 5. */
  readonly clockToleranceSeconds?: number
  /**
   * Called in a microtask for each request that `authenticate` or a framework's guard refuses. `error.reason` says why.
   * Default: warns in the console about `token_invalid`, `keys_unavailable` and `revocations_unavailable`, at most once
   * a minute each.
   */
  readonly onRefusal?: ((error: AuthError, request: IncomingRequest) => void) | undefined
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Returns the time in milliseconds since the Unix epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/** The options of `authenticate`, and of each framework's guard. */
export interface AuthenticateOptions extends AssuranceOptions {
  /** Decides whether this user may make this request. If it returns false, the answer is 403. Default: every user may. */
  readonly allow?: (auth: Auth) => boolean | Promise<boolean>
  /** Whether only bound tokens are accepted. A bound token always needs its proof. Default: `preferred`. */
  readonly binding?: 'preferred' | 'required'
}

/** The functions of a session server that an API server uses. */
export interface Backend {
  /**
   * Verifies an auth token (RFC 7519) and resolves to its user and session. It sees no request, so it does not check that the
   * sender of a bound token (`claims.cnf`) has its key: `authenticate` does.
   *
   * @throws AuthError if the token is not accepted, or cannot be verified now
   */
  verifyAuthToken(token: string): Promise<Auth>
  /**
   * Verifies the auth token of a request: from the `Authorization` header (RFC 6750 section 2.1, RFC 9449 section 7.1), or else
   * from the cookie. A bound token needs a proof in the header `DPoP`.
   *
   * @throws AuthError if the request is refused. The error holds the response to send
   */
  authenticate(request: IncomingRequest, options?: AuthenticateOptions): Promise<Auth>
  /** The users of your app. Needs an API key. */
  readonly users: Users
  /** The settings of your app. Needs an API key. */
  readonly settings: AppSettings
  /**
   * Follows the revocation feed. From then on, this backend refuses the auth tokens of an ended session within a second,
   * without a call to the session server per request.
   *
   * @throws TypeError if the feed is followed already, or there is no API key
   */
  revocations(options: RevocationsOptions): RevocationFeed
}

const BOUND = 'The token is bound to a key, and the request has it as a bearer token.'
const UNBOUND = 'The request has the scheme DPoP, but its token is not bound to a key.'

const ALGORITHMS: readonly SigningAlgorithm[] = ['EdDSA', 'ES256', 'RS256']

/**
 * Connects an API server to a session server. It sends no request before you call a function of the backend.
 *
 * @throws TypeError if `url`, `appId`, `algorithms` or `clockToleranceSeconds` is not usable
 *
 * @example
 * ```ts
 * import { createBackend } from '@tokenkeep/backend'
 *
 * const backend = createBackend({ url: 'https://auth.example.com', appId: 'shop' })
 * export async function handle(request: Request) {
 *   const { userId } = await backend.authenticate(request)
 *   return Response.json({ userId })
 * }
 * ```
 */
export function createBackend({
  url,
  appId,
  issuer: configuredIssuer,
  apiKey,
  cookie,
  dpop,
  algorithms = ALGORITHMS,
  clockToleranceSeconds = 5,
  onRefusal = createRefusalLog(elapsed),
  fetch = (input, init) => globalThis.fetch(input, init),
  now = Date.now,
}: BackendOptions): Backend {
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new TypeError('url is not an address. Write it like https://auth.example.com.')
  if (!appId) throw new TypeError('appId is missing. Pass the id of your app on the session server.')
  if (!algorithms.length || algorithms.some((algorithm) => !ALGORITHMS.includes(algorithm)))
    throw new TypeError(`algorithms is empty or has an unknown entry. Choose from ${ALGORITHMS.join(', ')}.`)
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds < Infinity))
    throw new TypeError('clockToleranceSeconds is not usable. Pass a number of seconds.')
  const base = new URL(`v1/apps/${encodeURIComponent(appId)}`, url.replace(/\/?$/, '/')).href
  const issuer = configuredIssuer ?? base
  let feed: RevocationFollower | undefined
  const keys = createKeySet({
    url: `${base}/.well-known/jwks.json`,
    fetch,
    elapsed,
    dropped: () => feed?.droppedKeys,
  })
  const verify = createVerifier({ issuer, appId, algorithms, clockToleranceSeconds, keys, now })
  const checkProof = createProofChecker({ dpop, secret: apiKey, elapsed, now })
  const isSufficient = createAssuranceCheck(clockToleranceSeconds, now)
  const call = createManagementApi({ base, apiKey, fetch, now })

  const backend: Backend = {
    async verifyAuthToken(token) {
      const auth = await verify(token)
      await feed?.check(auth.claims)
      return auth
    },
    async authenticate(request, { allow, binding, maxAgeSeconds, acrValues } = {}) {
      try {
        const { token, fromCookie, scheme } = readCredentials(request, cookie)
        const auth = await backend.verifyAuthToken(token).catch((error: unknown) => {
          if (!isAuthError(error) || scheme === 'Bearer') throw error
          const { code, cause, reason } = error
          throw new AuthError(code, { cause, reason, scheme })
        })
        const { cnf } = auth.claims
        // RFC 9449 section 7.2: a bound token is no bearer token. And a proof says nothing about an unbound one.
        if (cnf && scheme !== 'DPoP') throw new AuthError('proof_invalid', { reason: BOUND })
        if (!cnf && scheme === 'DPoP') throw new AuthError('token_invalid', { reason: UNBOUND, scheme })
        if (!cnf && binding === 'required') throw new AuthError('token_unbound')
        if (cnf) await checkProof(request, token, cnf.jkt)
        if (fromCookie) checkOrigin(request, auth.claims.aud)
        if (!isSufficient(auth, { maxAgeSeconds, acrValues }))
          throw new AuthError('insufficient_user_authentication', { maxAgeSeconds, acrValues, scheme })
        if (allow && !(await allow(auth))) throw new AuthError('forbidden')
        return auth
      } catch (error) {
        // Called in a microtask, so that a hook that throws cannot change the answer.
        if (isAuthError(error)) queueMicrotask(() => onRefusal(error, request))
        throw error
      }
    },
    users: createUsers(call),
    settings: createSettings(call),
    revocations(options) {
      if (feed && feed.get().status !== 'closed')
        throw new TypeError('The revocations are followed already. Close the first feed, or share it.')
      feed = followRevocations({
        ...options,
        url: `${base}/revocations`,
        apiKey: requireApiKey(apiKey),
        fetch,
        now,
        elapsed,
        clockToleranceSeconds,
      })
      return feed
    },
  }
  return backend
}
