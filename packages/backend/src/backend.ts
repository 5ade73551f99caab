import type { SigningAlgorithm } from '@tokenkeep/protocol'
import { checkOrigin, credentialsOf, type IncomingRequest } from './tokens/credentials.ts'
import { AuthError } from './tokens/auth-error.ts'
import { createKeySet } from './tokens/key-set.ts'
import { createManagementApi, needed } from './management/management-api.ts'
import { follow, type Following, type RevocationFeed, type RevocationsOptions } from './revocations/feed.ts'
import { createSettings, type AppSettings } from './management/settings.ts'
import { createUsers, type Users } from './management/users.ts'
import { createVerifier, type Auth } from './tokens/verify.ts'

export interface BackendOptions {
  /** The session server's address, such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
  /** For `users`, `settings` and `revocations()`. Tokens are verified without one. */
  readonly apiKey?: string | undefined
  /** A cookie to read the auth token from where there is no `Authorization` header. Default: none is read. */
  readonly cookie?: string
  /** The signatures that are accepted. Default: all a session server makes. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** How far this clock and the session server's may be apart. Default 5. */
  readonly clockToleranceSeconds?: number
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

export interface AuthenticateOptions {
  /** Says whether this user may do this: false is answered with 403. */
  readonly allow?: (auth: Auth) => boolean | Promise<boolean>
}

export interface Backend {
  /** Verifies an auth token. Rejects with an `AuthError`. */
  verifyAuthToken(token: string): Promise<Auth>
  /** Finds out who sent a request. Rejects with an `AuthError`, which is the answer to give. */
  authenticate(request: IncomingRequest, options?: AuthenticateOptions): Promise<Auth>
  readonly users: Users
  readonly settings: AppSettings
  /**
   * Follows what ends sessions: from then on their auth tokens are refused within a second, by this whole backend and
   * without a call per request.
   *
   * @throws TypeError where it is followed already
   */
  revocations(options: RevocationsOptions): RevocationFeed
}

const all: readonly SigningAlgorithm[] = ['EdDSA', 'ES256', 'RS256']

/**
 * Creates what an API server needs of a session server. Makes no request of its own accord.
 *
 * @throws TypeError for an address or app id that is none
 */
export function createBackend({
  url,
  appId,
  apiKey,
  cookie,
  algorithms = all,
  clockToleranceSeconds = 5,
  fetch = (input, init) => globalThis.fetch(input, init),
  now = Date.now,
}: BackendOptions): Backend {
  if (!appId) throw new TypeError('appId is missing')
  if (algorithms.some((one) => !all.includes(one))) throw new TypeError(`algorithms are of ${all.join(', ')}`)
  const issuer = new URL(`v1/apps/${encodeURIComponent(appId)}`, url.replace(/\/?$/, '/')).href
  const keys = createKeySet({ url: `${issuer}/.well-known/jwks.json`, fetch, now })
  const verify = createVerifier({ issuer, appId, algorithms, clockToleranceSeconds, keys, now })
  const api = createManagementApi({ issuer, apiKey, fetch, now })
  let feed: Following | undefined

  const backend: Backend = {
    async verifyAuthToken(token) {
      const auth = await verify(token)
      await feed?.check(auth.claims)
      return auth
    },
    async authenticate(request, { allow } = {}) {
      const { token, fromCookie } = credentialsOf(request, cookie)
      const auth = await backend.verifyAuthToken(token)
      if (fromCookie) checkOrigin(request, auth.claims.aud)
      if (allow && !(await allow(auth))) throw new AuthError('forbidden')
      return auth
    },
    users: createUsers(api),
    settings: createSettings(api),
    revocations(options) {
      if (feed && feed.get().status !== 'closed') throw new TypeError('the revocations are followed already')
      feed = follow({
        ...options,
        url: `${issuer}/revocations`,
        apiKey: needed(apiKey),
        fetch,
        now,
        clockToleranceSeconds,
      })
      return feed
    },
  }
  return backend
}
