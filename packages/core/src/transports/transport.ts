import type { Session } from '../machine/session.ts'
import type { HttpRequest, HttpResponse } from '../platform.ts'
import type { Answer, Failed } from '../tabs/answer.ts'
import type { PendingRevocation, TokenResponse } from '../tabs/record.ts'

/** One refresh, as a transport sends it. */
export interface RefreshRequest {
  readonly session: Session
  /** The auth token that the refresh replaces. */
  readonly token?: string | undefined
  /** Absent if a cookie holds it. */
  readonly refreshToken?: string | undefined
  /** The same for every try of one refresh, from every tab. */
  readonly retryId: string
  /** The retry id of the last refresh that this device has stored. */
  readonly lastRetryId?: string | undefined
  /** `background`: no user asked for a token, so the refresh does not count as activity. */
  readonly activity?: 'background' | undefined
}

/** Sends a request within the manager's deadline of 10 seconds. Rejects if no answer came. */
export type Send = (url: string, init: HttpRequest) => Promise<HttpResponse>

/** How a manager reaches its server. `Result` is what a sign-in returns. */
export interface Transport<Result> {
  /** Names the session's record, its lock and its channel. One key per server and app. */
  readonly key: string
  /**
   * Reads what a sign-in returned. `now`: milliseconds since the Unix epoch.
   *
   * @throws TypeError if `result` is anything else
   */
  parseTokenResponse(result: Result, now: number): TokenResponse
  /**
   * Sends one refresh. If it issues tokens, they belong to the session of the request, and include the refresh token
   * for the next refresh. If it rejects, the session is untouched.
   */
  refresh(request: RefreshRequest, send: Send, now: () => number): Promise<Answer>
  /**
   * Ends a session at the server (RFC 7009). Resolves to undefined once the server has answered that the session is
   * over, and otherwise to the failure. Rejects if no answer came.
   */
  revoke(revocation: PendingRevocation, send: Send, now: () => number): Promise<Failed | undefined>
}
