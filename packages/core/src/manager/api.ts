import type { Environment } from '../environment.ts'
import type { TokenErrorCode } from '../errors.ts'
import type { Listener } from '../machine/interpreter.ts'
import type { Signal } from '../platform.ts'
import type { AuthState, Session, SignedOutReason } from '../machine/state.ts'
import type { Store } from '../stores/store.ts'
import type { Transport } from '../transports/transport.ts'

export interface TokenManagerOptions<Result> {
  readonly transport: Transport<Result>
  /** Default: `indexedDb()` in browsers; where there is none, as on a server that renders, the manager stays inert. */
  readonly storage?: Store
  readonly environment?: Environment
  /** For logs and developer tools: what happens behind the states. Never carries a token. */
  readonly onEvent?: (event: ManagerEvent) => void
}

export type ManagerEvent =
  /** The browser's storage is denied: the session is this tab's alone, and ends with it. */
  | { readonly type: 'storage-degraded'; readonly cause: unknown }
  /** A refresh has ended: with a new token, with none (`code`), or with the end of the session (`reason`). */
  | {
      readonly type: 'refresh-ended'
      readonly code: TokenErrorCode | undefined
      readonly reason: SignedOutReason | undefined
    }

export interface GetAuthTokenOptions {
  /** Ends this caller's wait only. */
  readonly signal?: Signal
  /**
   * Asks for a token that lives at least this many seconds more. Default 0. One refresh per call where no token of the
   * server's lives as long: the newest is served all the same.
   */
  readonly minValidSeconds?: number
  /** `background`: nobody asked, so a refresh for this call is no sign of an active user (see `refreshAhead`). */
  readonly activity?: 'background' | undefined
  /**
   * A token that an API has answered with 401: it is not served again, and refreshed once unless there is a newer
   * one already. One that has only just come is served all the same: then the 401 has another cause.
   */
  readonly rejected?: string
}

/** Its functions need no `this`: they may be taken out of it and passed around. */
export interface TokenManager<Result = unknown> {
  /** The state now: the same object until it changes. */
  get(): AuthState
  /** Calls `listener` after each change; returns the end of the subscription. */
  subscribe(listener: Listener): () => void
  /**
   * The auth token, refreshed first where it has expired. Rejects with a `TokenError`; see `TokenErrorCode`.
   */
  getAuthToken(options?: GetAuthTokenOptions): Promise<string>
  /** Starts a session with what a sign-in returned. Rejects with `storage` where it cannot be kept: then it is not. */
  signIn(result: Result): Promise<void>
  /**
   * Ends the session here and in every tab at once, offline too, and one whose `signIn` is still under way; the server
   * is told as soon as it can be reached. Rejects with `storage` where that cannot be written.
   */
  signOut(): Promise<void>
  session(): Session | undefined
  /** Stops timers and listeners. The session stays. */
  dispose(): void
}
