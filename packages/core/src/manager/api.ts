import type { Environment } from '../environment.ts'
import type { TokenErrorCode } from '../errors.ts'
import type { Listener } from '../machine/interpreter.ts'
import type { Session, SignedOutReason } from '../machine/session.ts'
import type { AuthState } from '../machine/state.ts'
import type { Signal } from '../platform.ts'
import type { Store } from '../stores/store.ts'
import type { Transport } from '../transports/transport.ts'

export interface TokenManagerOptions<Result> {
  /** How the manager reaches its server. */
  readonly transport: Transport<Result>
  /**
   * Where the session is kept. Default: `indexedDbStore()`. If there is no IndexedDB, for example during server-side
   * rendering, the manager stays in its first state.
   */
  readonly storage?: Store
  /** Clock, locks and channels. Default: `browserEnvironment`. */
  readonly environment?: Environment
  /** Called with each event that no state shows, for logs and developer tools. An event never carries a token. */
  readonly onEvent?: (event: ManagerEvent) => void
}

export type ManagerEvent =
  /** The browser denies storage. The session is kept in this tab's memory and ends with the tab. */
  | { readonly type: 'storage-degraded'; readonly cause: unknown }
  /**
   * A refresh has ended. `code` says why it brought no token; `reason` says why the session is over. If both are
   * absent, there is a new token.
   */
  | {
      readonly type: 'refresh-ended'
      readonly code: TokenErrorCode | undefined
      readonly reason: SignedOutReason | undefined
      /** Why it brought no token, for developers: the error of the request, or of your own function. */
      readonly cause: unknown
    }

export interface GetAuthTokenOptions {
  /** Ends this caller's wait. Other callers go on waiting. */
  readonly signal?: Signal
  /**
   * Asks for a token that can be used for at least this long. Seconds; default 0. If no token of the server lives that
   * long, each call refreshes once and gets the newest token.
   */
  readonly minValidSeconds?: number
  /** `background`: no user asked, so a refresh for this call does not count as activity. See `refreshAhead`. */
  readonly activity?: 'background' | undefined
  /**
   * A token that an API has answered with 401. It is not served again: the call refreshes once, unless there is a newer
   * token already. But a token that has just arrived is still served, because then the API is at fault.
   */
  readonly rejected?: string
}

/** Keeps the session for one tab, and agrees with all other tabs. Its functions need no `this`. */
export interface TokenManager<Result = unknown> {
  /**
   * The state of the first render, if a server has rendered the page and knows who is signed in. The server and the browser
   * must render the same first. Default: `initialState`.
   */
  readonly firstState?: AuthState
  /** Returns the state. It is the same object until it changes. */
  get(): AuthState
  /** Calls `listener` after each change. Returns a function that ends the subscription. */
  subscribe(listener: Listener): () => void
  /**
   * Resolves to the auth token. If it has expired, it is refreshed first.
   *
   * @throws TokenError if there is no token to serve; see `TokenErrorCode`
   */
  getAuthToken(options?: GetAuthTokenOptions): Promise<string>
  /**
   * Starts a session with what a sign-in returned.
   *
   * @throws TypeError if `result` is not what the transport expects
   * @throws TokenError `storage` if the session could not be stored; then the new session has not started
   */
  signIn(result: Result): Promise<void>
  /**
   * Ends the session in every tab at once, also offline. If a `signIn` of this tab is under way, it ends that session
   * too. The server is told as soon as it can be reached.
   *
   * @throws TokenError `storage` if the sign-out could not be stored
   */
  signOut(): Promise<void>
  /** Returns the session of the user who is signed in. */
  session(): Session | undefined
  /** Stops timers and listeners. The session stays in storage. */
  dispose(): void
}
