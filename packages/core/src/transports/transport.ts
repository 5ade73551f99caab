import type { HttpRequest, HttpResponse } from '../platform.ts'
import type { Answer } from '../tabs/protocol.ts'
import type { Farewell, Grant } from '../tabs/record.ts'
import type { Session } from '../machine/state.ts'

/** One refresh, as a transport sends it. */
export interface RefreshRequest {
  readonly session: Session
  /** Absent where a cookie holds it. */
  readonly refreshToken?: string | undefined
  /** The retry id: the same for every try of one refresh, whoever sends it. */
  readonly attempt: string
  /** The attempt before, as this device committed it. */
  readonly lastAttempt?: string | undefined
  /** Where nobody asked for a token: such a refresh is no sign of an active user. */
  readonly activity?: 'background' | undefined
}

/** Sends a request within the manager's deadline. Rejects where no answer came. */
export type Send = (url: string, init: HttpRequest) => Promise<HttpResponse>

/** How a manager reaches its server. */
export interface Transport<Result> {
  /** Names the session's place in storage, its lock and its channel: one per server and app. */
  readonly key: string
  /** Reads what a sign-in returned. Throws `TypeError` for anything else. `now`: milliseconds since the epoch. */
  grant(result: Result, now: number): Grant
  /**
   * A grant is of the session it was asked for, and holds the refresh token to go on with. What it rejects with is a failure
   * on the way: the session goes on.
   */
  refresh(request: RefreshRequest, send: Send, now: () => number): Promise<Answer>
  /** True once the server has answered that the session is over. */
  revoke(farewell: Farewell, send: Send): Promise<boolean>
}
