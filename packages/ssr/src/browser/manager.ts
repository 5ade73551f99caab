import {
  browserEnvironment,
  createTokenManager,
  indexedDbStore,
  initialState,
  isSettled,
  TokenError,
  type AuthState,
  type Environment,
  type Store,
  type TokenManager,
  type TokenManagerOptions,
} from '@tokenkeep/core'
import { parseCookie } from 'cookie'
import { nameCookies, type CookieOptions } from '../session/cookie-names.ts'
import type { SessionSnapshot } from '../session/state.ts'
import { appServer } from './app-server.ts'
import { epochStore } from './epoch-store.ts'
import { stateOfSnapshot } from './snapshot.ts'

export interface AppSessionOptions extends Pick<TokenManagerOptions<never>, 'onEvent'> {
  /**
   * What the server has rendered: `session.snapshot()`. A page that was rendered for everybody has none: its first state is
   * `refreshing`, and the browser asks for its own.
   */
  readonly snapshot?: SessionSnapshot | undefined
  /** The same as in `createServerSessions()`. */
  readonly appId: string
  /** The same as in `createServerSessions()`. Default: `/auth`. */
  readonly basePath?: string
  /** The same as in `createServerSessions()`. Default: `token`. */
  readonly browser?: 'token' | 'none'
  readonly cookie?: CookieOptions
  /** Where the tabs share the session. Default: IndexedDB, or this tab's memory if there is none. */
  readonly storage?: Store
  /** Default: `browserEnvironment`. */
  readonly environment?: Environment
}

/**
 * Creates the token manager of a server-rendered page. Its first state is the server's, in the server and in the browser: a
 * page that is signed in never flashes as signed out. It has the four states of every manager, and one request refreshes all
 * tabs. The refresh token stays in the server's cookie.
 *
 * With `browser: 'none'` the browser has no token: `getAuthToken()` rejects with `misconfigured`, and the state says who is
 * signed in.
 *
 * @example
 * ```ts
 * import { createAppSession, type SessionSnapshot } from '@tokenkeep/ssr/browser'
 *
 * export const start = (snapshot: SessionSnapshot) => createAppSession({ appId: 'shop', snapshot })
 * ```
 */
export function createAppSession(options: AppSessionOptions): TokenManager<SessionSnapshot> {
  const { appId, basePath = '/auth', browser = 'token', cookie, onEvent } = options
  const { environment: env = browserEnvironment, storage } = options
  let { snapshot } = options
  let wake = (): void => {}
  const isPage = typeof document !== 'undefined'
  const transport = appServer(basePath, appId, browser === 'token' ? 'token' : 'state')
  const environment: Environment = {
    ...env,
    channel(name, listener, signal) {
      wake = listener
      return env.channel(name, listener, signal)
    },
  }
  const readCookie = (): string | undefined =>
    parseCookie(document.cookie)[nameCookies(appId, location.origin, cookie).epoch]
  const store =
    isPage &&
    epochStore({
      shared: storage ?? indexedDbStore(),
      readCookie,
      snapshot: () => snapshot,
      askState: () => transport.askState(env.fetch),
      now: env.now,
    })
  const auth = createTokenManager<SessionSnapshot>({
    transport,
    environment,
    ...(store && { storage: store }),
    ...(onEvent && { onEvent }),
  })
  const firstState = snapshot ? stateOfSnapshot(snapshot) : initialState
  // A render could not store its refresh. One request stores it.
  if (isPage && snapshot?.isUnstored) void transport.askState(env.fetch).catch(() => {})

  return {
    ...auth,
    firstState,
    get(): AuthState {
      const state = auth.get()
      return isSettled(state) ? state : firstState
    },
    session: () => (isSettled(auth.get()) ? auth.session() : firstState.session),
    getAuthToken: (request) =>
      browser === 'token' ? auth.getAuthToken(request) : Promise.reject(new TokenError('misconfigured')),
    async signIn(result) {
      snapshot = result
      await (store || undefined)?.update(transport.key, (record) => record)
      wake()
    },
  }
}
