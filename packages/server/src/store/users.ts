import { foldIdentifier, type Role, type UserStatus } from '@tokenkeep/protocol'
import { sql, type Database, type Statement } from './database.ts'
import { insertEvent, type NewEvent, type Actor } from './events.ts'
import { insertUserRevocation } from './revocations.ts'
import { keepsAnOwner, roles } from './roles.ts'
import { userList } from './user-list.ts'
import { userColumns, type User } from './user-row.ts'

export type { User } from './user-row.ts'

export interface NewUser {
  readonly identifier: string
  readonly status: UserStatus
  readonly role?: Role | undefined
  /** JSON. Default: an empty object. */
  readonly metadata?: string
}

/** What to change of a user. An absent field stays the same. `metadata` is JSON. */
export interface UserChange {
  readonly identifier?: string | undefined
  readonly metadata?: string | undefined
  /** Vouches that the identifier is this user's. A new identifier is always vouched for. */
  readonly origin?: 'vouched' | undefined
}

/** The epoch of a deleted user: higher than any other, so every token of the user is refused. */
const DELETED_USER_EPOCH = 2 ** 31 - 1

const EMPTY = sql``

/** Gives a user another identifier, and vouches for it. The same identifier in another form keeps its origin. */
const rename = (identifier: string): Statement =>
  sql`, origin = CASE WHEN folded = ${foldIdentifier(identifier)} THEN origin ELSE 'vouched' END,
    identifier = ${identifier}, folded = ${foldIdentifier(identifier)}`

/** The condition that no other user of the app has the identifier. */
const isFree = (appId: string, id: Buffer, identifier: string): Statement =>
  sql`AND NOT EXISTS (SELECT 1 FROM users other
    WHERE other.app_id = ${appId} AND other.folded = ${foldIdentifier(identifier)} AND other.id <> ${id})`

export const users = (database: Database) => {
  /** Changes one row and inserts its event and its feed entries in one transaction. Returns false if no row changed. */
  const changeWithEvent = async (
    change: Statement,
    event: NewEvent,
    ...then: Statement[]
  ): Promise<boolean> => (await database.transaction(change, insertEvent(event), ...then)).length > 0

  return {
    ...userList(database),
    ...roles(database),
    async find(appId: string, id: Buffer): Promise<User | undefined> {
      const [user] = await database.query<User>(
        sql`SELECT ${userColumns} FROM users WHERE id = ${id} AND app_id = ${appId}`,
      )
      return user
    },
    async findByIdentifier(appId: string, identifier: string): Promise<User | undefined> {
      const [user] = await database.query<User>(
        sql`SELECT ${userColumns} FROM users WHERE app_id = ${appId} AND folded = ${foldIdentifier(identifier)}`,
      )
      return user
    },
    /** Adds a user, and vouches for the identifier. Returns false if the app has a user with this identifier. */
    add: (
      appId: string,
      id: Buffer,
      { identifier, status, role, metadata = '{}' }: NewUser,
      actor: Actor,
      now: number,
    ): Promise<boolean> =>
      changeWithEvent(
        sql`INSERT INTO users (id, app_id, identifier, folded, status, role, metadata, created_at, updated_at)
            VALUES (${id}, ${appId}, ${identifier}, ${foldIdentifier(identifier)}, ${status}, ${role ?? null}, ${metadata}, ${now}, ${now})
            ON CONFLICT DO NOTHING RETURNING id`,
        { at: now, app_id: appId, type: 'user-created', user_id: id, actor },
      ),
    /** Changes what is given of a user, and nothing else. Returns false if another user of the app has that identifier. */
    change: (
      appId: string,
      id: Buffer,
      { identifier, metadata, origin }: UserChange,
      actor: Actor,
      now: number,
    ): Promise<boolean> =>
      changeWithEvent(
        sql`UPDATE users SET updated_at = ${now}
              ${identifier === undefined ? EMPTY : rename(identifier)}
              ${origin === undefined ? EMPTY : sql`, origin = ${origin}`}
              ${metadata === undefined ? EMPTY : sql`, metadata = ${metadata}`}
            WHERE id = ${id} AND app_id = ${appId}
              ${identifier === undefined ? EMPTY : isFree(appId, id, identifier)}
            RETURNING id`,
        { at: now, app_id: appId, type: 'user-updated', user_id: id, actor },
      ),
    activate: (appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> =>
      changeWithEvent(
        sql`UPDATE users SET status = 'active', updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND status <> 'active' RETURNING id`,
        { at: now, app_id: appId, type: 'activate', user_id: id, actor },
      ),
    /**
     * Deactivates a user and adds one to the epoch, which ends every session. Activating does not bring them back. Returns false
     * if the user is inactive, or the last owner of the Console.
     */
    deactivate: (appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> =>
      changeWithEvent(
        sql`UPDATE users SET status = 'inactive', epoch = epoch + 1, updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND status <> 'inactive' ${keepsAnOwner(database, appId)} RETURNING id`,
        { at: now, app_id: appId, type: 'deactivate', user_id: id, actor },
        insertUserRevocation(appId, id, now),
      ),
    /** Ends every session of the user by changing one row, regardless of their number. */
    revokeAll: (appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> =>
      changeWithEvent(
        sql`UPDATE users SET epoch = epoch + 1, updated_at = ${now} WHERE id = ${id} AND app_id = ${appId} RETURNING id`,
        { at: now, app_id: appId, type: 'revoke-all', user_id: id, actor },
        insertUserRevocation(appId, id, now),
      ),
    /** Ends every session of the user except one, which moves to the new epoch. Returns false if that one is not live. */
    revokeOthers: (
      appId: string,
      id: Buffer,
      sessionId: Buffer,
      actor: Actor,
      now: number,
    ): Promise<boolean> =>
      changeWithEvent(
        sql`UPDATE users SET epoch = epoch + 1, updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND EXISTS (
              SELECT 1 FROM sessions s WHERE s.user_id = ${id} AND s.id = ${sessionId} AND s.app_id = ${appId}
                AND s.ended_at IS NULL AND s.user_epoch = users.epoch)
            RETURNING id`,
        { at: now, app_id: appId, type: 'revoke-others', user_id: id, session_id: sessionId, actor },
        sql`UPDATE sessions SET user_epoch = user_epoch + 1
            WHERE user_id = ${id} AND id = ${sessionId} AND app_id = ${appId}`,
        insertUserRevocation(appId, id, now, sessionId),
      ),
    /**
     * Deletes a user. Their sessions end now; housekeeping deletes the rows of the sessions later. Returns false if there is no such
     * user, or if it is the last owner of the Console.
     */
    remove: (appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> =>
      changeWithEvent(
        sql`UPDATE users SET epoch = ${DELETED_USER_EPOCH} WHERE id = ${id} AND app_id = ${appId} ${keepsAnOwner(database, appId)} RETURNING id`,
        { at: now, app_id: appId, type: 'user-deleted', user_id: id, actor },
        insertUserRevocation(appId, id, now),
        sql`DELETE FROM passkeys WHERE user_id = ${id} AND app_id = ${appId}`,
        sql`DELETE FROM users WHERE id = ${id} AND app_id = ${appId}`,
      ),
  }
}
