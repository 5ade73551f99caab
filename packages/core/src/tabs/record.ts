import type { Session, SignedOutReason } from '../machine/state.ts'

/** What a server grants with a sign-in or a refresh, in this library's terms. */
export interface Grant {
  readonly session: Session
  readonly token: string
  /** How long the auth token lives, from its receipt. Milliseconds. */
  readonly lifetime: number
  /** Absent where there is none, and where a cookie holds it that no page can read. */
  readonly refreshToken?: string | undefined
}

/** A session signed out here that the server may not know to be over. */
export interface Farewell {
  readonly sessionId: string
  readonly refreshToken?: string | undefined
}

/** A refresh that did not get through. */
export interface Trouble {
  readonly code: 'unreachable' | 'throttled' | 'misconfigured'
  /** When it failed. Milliseconds since the epoch. */
  readonly at: number
  /** No tab sends another before this time. Milliseconds since the epoch. */
  readonly until: number
  /** How many came to nothing, one after the other. */
  readonly tries: number
}

interface Common {
  /** The schema's version: a reader leaves alone what is newer than itself. */
  readonly v: 1
  /** Random, new at every sign-in and sign-out: a counter would repeat itself after storage is cleared. */
  readonly epoch: string
  readonly outbox: readonly Farewell[]
}

export interface SignedInRecord extends Common, Grant {
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
  readonly trouble?: Trouble | undefined
  readonly reason?: undefined
  readonly left?: undefined
}

export interface SignedOutRecord extends Common {
  readonly reason: SignedOutReason
  /** The epoch that was left: no older copy of it brings it back. */
  readonly left?: string | undefined
  readonly session?: undefined
  readonly seq?: undefined
  readonly trouble?: undefined
}

/** Signed in where it has a session, signed out where it has a reason. */
export type SessionRecord = SignedInRecord | SignedOutRecord

/** True where a later version of this library wrote it: it is left alone. */
export const isLater = (record: SessionRecord | undefined): boolean => (record?.v as number) > 1
