import type { Settings } from '@tokenkeep/protocol'

export interface App extends Settings {
  readonly id: string
  readonly name: string
  readonly auth_origin: string
  readonly redirect_url: string
  /** One more with each change of the settings. */
  readonly version: number
}

export interface User {
  readonly id: Buffer
  readonly app_id: string
  readonly identifier: string
  readonly status: 'active' | 'inactive' | 'pending'
  readonly epoch: number
  readonly created_at: number
  readonly updated_at: number
  readonly last_login_at: number | null
  readonly login_count: number
}

/** One row per session, whatever the number of its refreshes. Times and durations in ms. */
export interface Session {
  readonly user_id: Buffer
  readonly id: Buffer
  readonly app_id: string
  readonly user_epoch: number
  readonly generation: number
  readonly rotated_at: number
  readonly active_at: number
  /** The attempts of the last eight rotations, 16 hex digits each, at the place of generation modulo 8. */
  readonly attempts: string
  readonly created_at: number
  readonly absolute_at: number
  readonly inactivity: number
  readonly ended_at: number | null
  readonly end_reason: string | null
}

/** A session with what its refresh depends on beside it. */
export type SessionInContext = Session & { readonly epoch_now: number; readonly status: User['status'] }

export interface Passkey {
  readonly id: string
  readonly user_id: Buffer
  readonly public_key: Uint8Array<ArrayBuffer>
  readonly counter: number
}

export interface Handshake {
  readonly id: Buffer
  readonly app_id: string
  readonly purpose: 'register' | 'login'
  readonly user_id: Buffer | null
  readonly challenge: string
  readonly expires_at: number
}

export interface SigningKeyRow {
  readonly kid: string
  readonly public_jwk: string
  readonly wrapped: Uint8Array
}

export interface Rotation {
  readonly appId: string
  readonly userId: Buffer
  readonly sessionId: Buffer
  readonly generation: number
  /** The generation after this one: one more, but where the database lost commits. */
  readonly next: number
  readonly attempt: string
  readonly background: boolean
  readonly now: number
  /** The app's limits today: lowering one takes effect at the next refresh. ms. */
  readonly absolute: number
  readonly inactivity: number
}

export type EventType =
  | 'sign-in'
  | 'sign-out'
  | 'reuse'
  | 'end'
  | 'fast-forward'
  | 'revoke-all'
  | 'deactivate'
  | 'activate'
  | 'settings'

/** Every statement this server runs. Each names its user's id where it has one: the way to distribute by user. */
export interface Store {
  app(id: string): App | undefined
  putApp(app: Omit<App, 'version'>): void
  changeSettings(id: string, version: number, settings: Settings): boolean
  signingKey(appId: string): SigningKeyRow | undefined
  addSigningKey(appId: string, key: SigningKeyRow, now: number): void
  addApiKey(appId: string, hash: Buffer, now: number): void
  hasApiKey(appId: string, hash: Buffer): boolean
  user(appId: string, id: Buffer): User | undefined
  /** Newest first; `identifier` null: all. */
  users(
    appId: string,
    identifier: string | null,
    limit: number,
    offset: number,
  ): { users: User[]; total: number }
  userByIdentifier(appId: string, identifier: string): User | undefined
  addUser(appId: string, id: Buffer, identifier: string, status: User['status'], now: number): boolean
  setStatus(appId: string, id: Buffer, status: User['status'], now: number): boolean
  revokeAll(appId: string, id: Buffer, now: number): boolean
  openSession(session: Omit<Session, 'user_epoch' | 'ended_at' | 'end_reason'>): boolean
  rotate(rotation: Rotation): Session | undefined
  session(appId: string, userId: Buffer, id: Buffer): SessionInContext | undefined
  sessions(appId: string, userId: Buffer, now: number): Session[]
  endSession(
    appId: string,
    userId: Buffer,
    id: Buffer,
    reason: string,
    now: number,
    event: EventType,
  ): boolean
  /** Makes a pending user active, with this passkey; false, and nothing changed, for any other user. */
  addFirstPasskey(appId: string, passkey: Passkey, now: number): boolean
  passkey(appId: string, id: string): Passkey | undefined
  passkeys(appId: string, userId: Buffer): Passkey[]
  usePasskey(id: string, counter: number): void
  addHandshake(handshake: Handshake): void
  takeHandshake(id: Buffer, now: number): Handshake | undefined
  /** A real write: what readiness means. */
  probe(now: number): void
  close(): void
}
