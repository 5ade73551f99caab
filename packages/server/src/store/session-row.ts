import type { Actor } from './events.ts'
import type { UserStatus } from '@tokenkeep/protocol'

/** A row of the table `sessions`: one per session, however often it is refreshed. Times and durations are milliseconds. */
export interface Session {
  readonly user_id: Buffer
  readonly id: Buffer
  readonly app_id: string
  readonly user_epoch: number
  readonly generation: number
  readonly rotated_at: number
  readonly active_at: number
  /** A ring of the retry id hashes of the last eight rotations. The slot of a rotation is its generation modulo 8. */
  readonly attempts: string
  readonly created_at: number
  readonly absolute_at: number
  readonly inactivity: number
  readonly ended_at: number | null
  readonly end_reason: string | null
  readonly ip: string | null
  readonly user_agent: string | null
  /** The thumbprint of the key that the session is bound to (RFC 9449 section 5). Null if it is not bound. It never changes. */
  readonly jkt: string | null
  /** When the user last authenticated. Null: at the sign-in, which is `created_at`. */
  readonly auth_time: number | null
  /** How (RFC 8176), with spaces between the values. Null if unknown. */
  readonly amr: string | null
  /** The class of that authentication (OpenID Connect Core section 2). Null if unknown. */
  readonly acr: string | null
}

/** An authentication of a user. `time`: milliseconds since the epoch. */
export interface Authentication {
  readonly time: number
  readonly amr: string | null
  readonly acr: string | null
}

/** The fields of a session about its newest authentication. */
export type AuthenticatedSession = Pick<Session, 'created_at' | 'auth_time' | 'amr' | 'acr'>

/** The fields that a session can be opened without. Then they are null. */
type Optional = 'jkt' | 'auth_time' | 'amr' | 'acr'

/** A session with the fields of its user and its app that decide whether it is live. */
export type SessionInContext = Session & {
  /** The user's epoch and status now. */
  readonly epoch_now: number
  readonly status: UserStatus
  /** The app's limits now. `not_before` is in milliseconds since the epoch, the lifetimes are in seconds. */
  readonly not_before: number
  readonly refresh_enabled: 0 | 1
  readonly refresh_absolute_lifetime: number
  readonly refresh_inactivity_lifetime: number
}

/** The fields of a session that a token response needs. A refresh reads back only these. */
export type RotatedSession = Pick<
  Session,
  | 'user_id'
  | 'id'
  | 'user_epoch'
  | 'generation'
  | 'active_at'
  | 'created_at'
  | 'absolute_at'
  | 'inactivity'
  | 'jkt'
  | 'auth_time'
  | 'amr'
  | 'acr'
>

export type NewSession = Omit<Session, 'user_epoch' | 'generation' | 'ended_at' | 'end_reason' | Optional> &
  Partial<Pick<Session, Optional>>

export interface Rotation {
  readonly appId: string
  readonly userId: Buffer
  readonly sessionId: Buffer
  /** The generation that the row must have. */
  readonly generation: number
  /** The generation after the rotation: one more, or further ahead if the database lost commits. */
  readonly nextGeneration: number
  readonly retryIdHash: string
  /** Whether the retry id may have rotated the session before. */
  readonly mayRepeat: boolean
  /** The thumbprint of the key that the client has proven. It binds the session. Without it, the session must not be bound. */
  readonly jkt?: string | undefined
  /** If true, the rotation does not count as activity. */
  readonly background: boolean
  /** Who refreshes, for the event of a jump over lost generations. */
  readonly actor: Actor
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** The ring `attempts`: eight slots of 16 hexadecimal digits. */
export const RING_SLOTS = 8
export const SLOT_LENGTH = 16
/** No retry id was sent, or the slot was never written. */
export const EMPTY_SLOT = '0'.repeat(SLOT_LENGTH)
/** The database lost the commit that filled this slot. */
export const LOST_SLOT = 'f'.repeat(SLOT_LENGTH)
export const EMPTY_RING = EMPTY_SLOT.repeat(RING_SLOTS)

/** The primary key of a session. */
export interface SessionKey {
  readonly user_id: Buffer
  readonly id: Buffer
}
