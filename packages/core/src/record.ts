import type { SignedOutReason } from './state.ts'

/** What a server grants with a sign-in or a refresh, in this library's terms. Durations are milliseconds. */
export interface Grant {
  readonly sessionId: string
  readonly userId: string
  readonly authToken: string
  /** How long the auth token may be used, from its receipt. */
  readonly lifetime: number
  readonly refreshToken?: string | undefined
  /** Server time minus this device's, as far as the answer tells. */
  readonly offset: number
  /** Milliseconds since the epoch, by this device's clock. */
  readonly absoluteExpiresAt?: number | undefined
  readonly inactiveAt?: number | undefined
}

/** A session signed out here that the server may not know to be over. */
export interface Farewell {
  readonly sessionId: string
  readonly refreshToken: string
}

interface Common {
  /** The schema's version: a reader leaves alone what is newer than itself. */
  readonly v: 1
  /** Random, new at every sign-in and sign-out: a counter would repeat itself after storage is cleared. */
  readonly epoch: string
  readonly outbox: readonly Farewell[]
}

export interface SignedInRecord extends Common, Grant {
  readonly status: 'in'
  /** One more with each refresh. */
  readonly seq: number
  /** When the auth token came, by this device's wall clock: all tabs share it. */
  readonly receivedAt: number
  /**
   * The retry id of the next refresh, chosen with the pair it is for: so it is durable long before it is sent, and
   * every tab that knows the pair sends the same request.
   */
  readonly attempt: string
  /** The one before, as it was committed: proof of ownership where a cookie falls back to an older state. */
  readonly lastAttempt?: string | undefined
  /** No tab sends a refresh before this time, and why: the last one did not get through. */
  readonly retryAt?: number | undefined
  readonly trouble?: 'unreachable' | 'throttled' | 'misconfigured' | undefined
}

export interface SignedOutRecord extends Common {
  readonly status: 'out'
  readonly reason: SignedOutReason
}

export type SessionRecord = SignedInRecord | SignedOutRecord
