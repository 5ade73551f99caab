import type { TokenError } from '../errors.ts'
import type { Session, SignedOutReason } from './session.ts'

/** The auth token can be used. */
export interface Valid {
  readonly status: 'valid'
  readonly token: string
  /** When the token stops being served. Milliseconds since the Unix epoch, by this device's clock. */
  readonly expiresAt: number
  readonly session: Session
}

/** A refresh is under way, in this tab or another; or the storage is being read for the first time. */
export interface Refreshing {
  readonly status: 'refreshing'
  /** Absent until the storage has been read for the first time. */
  readonly session?: Session | undefined
  /** The previous auth token, as long as it can still be used. */
  readonly token?: string | undefined
}

/** The auth token has expired and no refresh is under way. The session may still be alive. */
export interface Expired {
  readonly status: 'expired'
  readonly session: Session
  /** Why the last refresh failed; absent if none has failed. */
  readonly cause?: TokenError | undefined
  /** No refresh is sent before this time. Milliseconds since the Unix epoch. */
  readonly retryAt?: number | undefined
}

/** Nobody is signed in. */
export interface SignedOut {
  readonly status: 'signed-out'
  readonly reason: SignedOutReason
}

/** What a token manager knows: exactly one of four states, told apart by `status`. */
export type AuthState = Valid | Refreshing | Expired | SignedOut
export type Status = AuthState['status']
