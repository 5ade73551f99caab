import type { Role, UserStatus } from '@tokenkeep/protocol'
import { sql } from './database.ts'

/** `claimed`: a stranger typed this identifier at a sign-up. `vouched`: a backend or an administrator says whose it is. */
export type IdentifierOrigin = 'claimed' | 'vouched'

export interface User {
  readonly id: Buffer
  readonly app_id: string
  readonly identifier: string
  readonly origin: IdentifierOrigin
  readonly status: UserStatus
  /** The role of an admin, in the Console's app. Null: an owner, made by an earlier version. */
  readonly role: Role | null
  readonly epoch: number
  /** JSON. */
  readonly metadata: string
  readonly created_at: number
  readonly updated_at: number
  readonly last_login_at: number | null
  readonly login_count: number
  /** How many passkeys the user has. */
  readonly passkeys: number
}

export const userColumns = sql`id, app_id, identifier, origin, status, role, epoch, metadata, created_at, updated_at, last_login_at, login_count,
  (SELECT count(*) FROM passkeys p WHERE p.user_id = users.id) AS passkeys`
