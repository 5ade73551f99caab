import type { Session, SignedOutReason } from '../machine/session.ts'

/** What a server returns for a sign-in or a refresh (RFC 6749 section 5.1), in this library's terms. */
export interface TokenResponse {
  readonly session: Session
  readonly token: string
  /** How long the auth token lives, counted from its receipt. Milliseconds. */
  readonly lifetime: number
  /** Absent if the server issued none, or if an HttpOnly cookie holds it. */
  readonly refreshToken?: string | undefined
}

/** A session that was signed out on this device, and that the server may not have ended yet. */
export interface PendingRevocation {
  readonly sessionId: string
  readonly refreshToken?: string | undefined
  /** When the refresh token expires at the latest. Milliseconds since the Unix epoch, by this device's clock. */
  readonly expiresAt?: number | undefined
  /** Why the session ended. The server must hear of `displaced`: its tokens are stolen. Absent if another session replaced it. */
  readonly reason?: SignedOutReason | undefined
}

/** A refresh that ended without an answer about the session. */
export interface RefreshFailure {
  readonly code: 'unreachable' | 'throttled' | 'misconfigured' | 'sign-in-required'
  /** When it failed. Milliseconds since the Unix epoch. */
  readonly at: number
  /** No tab sends another request before this time. Milliseconds since the Unix epoch. */
  readonly until: number
  /** How many refreshes have failed since the last one that succeeded. */
  readonly tries: number
}

interface CommonRecord {
  /** The version of this schema. A reader leaves a record of a later version untouched. */
  readonly v: 1
  readonly pendingRevocations: readonly PendingRevocation[]
}

export interface SignedInRecord extends CommonRecord, TokenResponse {
  /** Random, and new at every sign-in. A counter would repeat itself after the storage is cleared. */
  readonly epoch: string
  /** How many times the session was refreshed. */
  readonly generation: number
  /** When the auth token arrived, by this device's wall clock. Milliseconds since the Unix epoch. */
  readonly receivedAt: number
  /**
   * The retry id of the next refresh. It is chosen when the token pair is written. So it is durable before it is sent,
   * and every tab that knows the pair sends the same request.
   */
  readonly retryId: string
  /** The retry id of the last refresh. It proves ownership after a crash restored an older cookie. */
  readonly lastRetryId?: string | undefined
  readonly lastFailure?: RefreshFailure | undefined
  readonly reason?: undefined
}

export interface SignedOutRecord extends CommonRecord {
  readonly reason: SignedOutReason
  /** The epoch that the sign-out ended. No older copy of that session can bring it back. */
  readonly epoch?: string | undefined
  readonly session?: undefined
  readonly generation?: undefined
  readonly retryId?: undefined
  readonly lastFailure?: undefined
}

/** The one record that all tabs share. A signed-in record has a session; a signed-out record has a reason. */
export type SessionRecord = SignedInRecord | SignedOutRecord

/**
 * True if a later version of this library wrote the record. It must stay untouched.
 *
 * @example
 * ```ts
 * import { isNewerVersion } from '@tokenkeep/core/cross-tab'
 *
 * console.log(isNewerVersion(undefined)) // false
 * ```
 */
export const isNewerVersion = (record: SessionRecord | undefined): boolean => (record?.v as number) > 1
