import type { TokenError } from '../errors.ts'

/**
 * Why there is no session. `none`: nobody signed in here yet. `unreadable`: the storage lost it. `reused`: its refresh
 * token was used by somebody else too, and may have been stolen.
 */
export type SignedOutReason =
  | 'none'
  | 'signed-out'
  | 'revoked'
  | 'reused'
  | 'expired'
  | 'inactive'
  | 'unreadable'

/** The signed-in session, as far as a client may know it. Times are milliseconds since the epoch, on this device's clock. */
export interface Session {
  readonly id: string
  readonly userId: string
  /** False where refresh tokens are off: when the auth token lapses, only a new sign-in helps. */
  readonly renewable: boolean
  /** When the session ends whatever happens. */
  readonly absoluteExpiresAt?: number | undefined
  /** When the session ends unless it is used before. */
  readonly inactiveAt?: number | undefined
}

export interface Valid {
  readonly status: 'valid'
  readonly token: string
  /** Milliseconds since the epoch, on this device's clock. */
  readonly expiresAt: number
  readonly session: Session
}

export interface Refreshing {
  readonly status: 'refreshing'
  /** Absent only until the storage has been read for the first time. */
  readonly session?: Session | undefined
  /** The auth token, while it can still be used. */
  readonly token?: string | undefined
}

export interface Expired {
  readonly status: 'expired'
  readonly session: Session
  /** Why the last refresh failed, where one did. */
  readonly cause?: TokenError | undefined
  /** No refresh is sent before this time. Milliseconds since the epoch. */
  readonly retryAt?: number | undefined
}

export interface SignedOut {
  readonly status: 'signed-out'
  readonly reason: SignedOutReason
}

export type AuthState = Valid | Refreshing | Expired | SignedOut
export type Status = AuthState['status']
