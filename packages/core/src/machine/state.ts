import type { TokenError } from '../errors.ts'
import type { Session, SignedOutReason } from './session.ts'

/** The auth token can be used. */
export interface Valid {
  readonly status: 'valid'
  readonly token: string
  /** When the token stops being served. Milliseconds since the Unix epoch, by this device's clock. */
  readonly expiresAt: number
  readonly session: Session
  readonly reason?: undefined
  readonly cause?: undefined
}

/** A refresh is under way, in this tab or another; or the storage is being read for the first time. */
export interface Refreshing {
  readonly status: 'refreshing'
  /** Absent until the storage has been read for the first time. */
  readonly session?: Session | undefined
  /** The previous auth token, as long as it can still be used. */
  readonly token?: string | undefined
  /** `background`: no user asked for this refresh, so it does not count as activity. */
  readonly activity?: 'background' | undefined
  readonly reason?: undefined
  readonly cause?: undefined
}

/** The auth token has expired and no refresh is under way. The session may still be alive. */
export interface Expired {
  readonly status: 'expired'
  readonly session: Session
  /** Why the last refresh failed; absent if none has failed. */
  readonly cause?: TokenError | undefined
  /** No refresh is sent before this time. Milliseconds since the Unix epoch. */
  readonly retryAt?: number | undefined
  readonly token?: undefined
  readonly reason?: undefined
}

/** Nobody is signed in. */
export interface SignedOut {
  readonly status: 'signed-out'
  readonly reason: SignedOutReason
  readonly session?: undefined
  readonly token?: undefined
  readonly cause?: undefined
}

/**
 * What a token manager knows: exactly one of four states, which `status` names. A field that a state does not hold is
 * undefined there, so `state.session` and `state.token` can be read in every state.
 */
export type AuthState = Valid | Refreshing | Expired | SignedOut
export type Status = AuthState['status']
