import { browserEnvironment } from '../environment.ts'
import type { Signal } from '../platform.ts'
import { defaultStore } from './indexed-db.ts'
import { restoredStore } from './restored-store.ts'
import type { Store } from './store.ts'
import { identity } from '../tabs/change.ts'
import { askFunction, withDeadline, type FunctionOutcome } from '../transports/function-outcome.ts'
import { readPlainTokens, type PlainTokens } from '../transports/token-response.ts'
import type { RefreshRequest, Transport } from '../transports/transport.ts'

/** What your backend returns for a sign-in or a refresh. */
export interface CookieBackendTokens {
  readonly authToken: string
  /** How long the auth token lives, from now. Seconds. */
  readonly expiresIn: number
  /**
   * The id of the user whose session it is. Recommended, because the cookie may belong to another user by now. If it
   * changes, the session ends: `revoked`.
   */
  readonly userId?: string
}

/** What the function `refresh` of a cookie backend gets. */
export interface CookieBackendRequest {
  /** Aborted after 10 seconds. */
  readonly signal: Signal
  /** The same for every try of one refresh, from every tab. */
  readonly retryId: string
  /** `background`: no user asked for a token, so the refresh does not count as activity. */
  readonly activity: 'background' | undefined
}

export interface CookieBackendOptions {
  /** Names the session's record in storage. */
  readonly key: string
  /**
   * Asks your backend for an auth token. The browser sends the cookie. Resolve to undefined if nobody is signed in;
   * `{ ended }` also says why the session is over, and `{ failed }` says why there is no token now. If the function
   * rejects, the session is untouched. A `TypeError` of your own code shows as `misconfigured`. If your function begins
   * a request after an `await`, with a client that sends the token, that request must say `authToken: 'never'`.
   */
  refresh(request: CookieBackendRequest): Promise<FunctionOutcome<CookieBackendTokens>>
  /**
   * Ends the session at your backend, which deletes the cookie. It is called again until it resolves, also after a
   * reload, unless somebody has signed in meanwhile.
   */
  signOut(request: { readonly signal: Signal }): Promise<void>
  /** Where the session's record is kept. Default: `indexedDbStore()`. */
  readonly storage?: Store
}

/** What `createTokenManager()` needs for a cookie backend. */
export interface CookieBackend {
  readonly transport: Transport<CookieBackendTokens>
  readonly storage?: Store
}

/**
 * Speaks to a backend of your own that keeps the refresh token in an HttpOnly cookie, which no script can read (the
 * token-mediating backend of RFC 10017). Pass the result to `createTokenManager()`.
 *
 * If this browser knows of no session, the first read asks the backend once, so a session that a server has begun is
 * there after the page has loaded. After a sign-out the backend is not asked: only `auth.signIn(tokens)` begins a
 * session. So after a sign-in by redirect, the page that the user returns to calls `auth.signIn()` with what your backend
 * returns.
 *
 * @example
 * ```ts
 * import { cookieBackend, createTokenManager } from '@tokenkeep/core'
 *
 * const post = (path: string, signal: AbortSignal) =>
 *   fetch(path, { method: 'POST', headers: { 'x-requested-by': 'shop' }, signal })
 *
 * const auth = createTokenManager(
 *   cookieBackend({
 *     key: 'shop',
 *     async refresh({ signal }) {
 *       const response = await post('/auth/token', signal)
 *       if (response.status === 401) return { ended: 'expired' }
 *       if (response.status === 429) return { failed: 'throttled', retryAfter: 30 }
 *       if (!response.ok) return { failed: 'unreachable' }
 *       return response.json()
 *     },
 *     async signOut({ signal }) {
 *       const response = await post('/auth/sign-out', signal)
 *       if (!response.ok) throw new Error('The sign-out has not arrived.')
 *     },
 *   }),
 * )
 * ```
 */
export function cookieBackend(
  { key: name, refresh, signOut, storage = defaultStore() }: CookieBackendOptions,
  env = browserEnvironment,
): CookieBackend {
  const key = `tokenkeep:${name}`
  const tokensOf = ({ authToken, expiresIn, userId }: CookieBackendTokens): PlainTokens => ({
    token: authToken,
    seconds: expiresIn,
    userId,
    renewable: true,
  })
  const ask = (retryId: string, request?: RefreshRequest) =>
    askFunction((signal) => refresh({ signal, retryId, activity: request?.activity }), request, tokensOf)

  const transport: Transport<CookieBackendTokens> = {
    key,
    parseTokenResponse: (tokens) => readPlainTokens(tokensOf(tokens)),
    refresh: (request) => ask(request.retryId, request),
    async revoke({ sessionId }) {
      const record = await storage?.update(key, identity)
      // A browser has one cookie. Somebody has signed in since, so it is theirs.
      if (record?.session && record.session.id !== sessionId) return undefined
      await withDeadline((signal) => signOut({ signal }))
      return undefined
    },
  }
  return storage
    ? { transport, storage: restoredStore(storage, () => ask(env.entropy().id), env) }
    : { transport }
}
