import { sql, type Database, type Statement } from './database.ts'
import { record, type NewEvent } from './events.ts'
import { announceEpoch } from './revocations.ts'

export type UserStatus = 'active' | 'inactive' | 'pending'

export interface User {
  readonly id: Buffer
  readonly app_id: string
  readonly identifier: string
  readonly status: UserStatus
  readonly epoch: number
  /** JSON. */
  readonly metadata: string
  readonly created_at: number
  readonly updated_at: number
  readonly last_login_at: number | null
  readonly login_count: number
  /** How many the user has. */
  readonly passkeys: number
}

export interface UserFilter {
  /** Exactly this one. */
  readonly identifier?: string | undefined
  /** Part of the identifier, in any case. */
  readonly search?: string | undefined
  readonly status?: UserStatus | undefined
  /** Who was there before this time: pages don't shift while people sign up. ms. */
  readonly createdBefore?: number | undefined
}

export type UserOrder = `${'created_at' | 'last_login_at' | 'identifier'}:${'asc' | 'desc'}`

/** The epoch of a user who is gone: later than any. */
const lastEpoch = 2 ** 31 - 1

const columns = sql`id, app_id, identifier, status, epoch, metadata, created_at, updated_at, last_login_at, login_count,
  (SELECT count(*) FROM passkeys p WHERE p.user_id = users.id) AS passkeys`

// A user who never signed in comes last, however they are ordered: both databases put nulls somewhere else.
const orders: Readonly<Record<UserOrder, Statement>> = {
  'created_at:asc': sql`created_at, id`,
  'created_at:desc': sql`created_at DESC, id DESC`,
  'last_login_at:asc': sql`last_login_at ASC NULLS LAST, id`,
  'last_login_at:desc': sql`last_login_at DESC NULLS LAST, id DESC`,
  'identifier:asc': sql`folded, id`,
  'identifier:desc': sql`folded DESC, id DESC`,
}

const fold = (identifier: string): string => identifier.toLowerCase()
const none = sql``

export const users = (database: Database) => {
  /** One row changed, and its event, and what the feed says of it: all or nothing. */
  const change = async (change: Statement, event: NewEvent, ...then: Statement[]): Promise<boolean> =>
    (await database.together(change, record(event), ...then)).length > 0

  return {
    async find(appId: string, id: Buffer): Promise<User | undefined> {
      const [user] = await database.rows<User>(
        sql`SELECT ${columns} FROM users WHERE id = ${id} AND app_id = ${appId}`,
      )
      return user
    },
    async findByIdentifier(appId: string, identifier: string): Promise<User | undefined> {
      const [user] = await database.rows<User>(
        sql`SELECT ${columns} FROM users WHERE app_id = ${appId} AND identifier = ${identifier}`,
      )
      return user
    },
    async list(
      appId: string,
      { identifier, search, status, createdBefore }: UserFilter,
      order: UserOrder,
      limit: number,
      offset: number,
    ): Promise<{ users: User[]; total: number }> {
      const pattern = search === undefined ? '' : `%${fold(search).replaceAll(/[\\%_]/g, '\\$&')}%`
      const where = sql`FROM users WHERE app_id = ${appId}
        ${identifier === undefined ? none : sql`AND identifier = ${identifier}`}
        ${search === undefined ? none : sql`AND folded LIKE ${pattern} ESCAPE '\\'`}
        ${status === undefined ? none : sql`AND status = ${status}`}
        ${createdBefore === undefined ? none : sql`AND created_at <= ${createdBefore}`}`
      const [count, page] = await Promise.all([
        database.rows<{ total: number }>(sql`SELECT count(*) AS total ${where}`),
        // The page by its keys first: only its own rows are fetched and counted for.
        database.rows<User>(sql`
          SELECT ${columns} FROM users WHERE id IN (SELECT id ${where} ORDER BY ${orders[order]} LIMIT ${limit} OFFSET ${offset})
          ORDER BY ${orders[order]}`),
      ])
      return { users: page, total: count[0]!.total }
    },
    /** False where the app has a user of this identifier. */
    add: (
      appId: string,
      id: Buffer,
      { identifier, status, metadata = '{}' }: { identifier: string; status: UserStatus; metadata?: string },
      actor: string,
      now: number,
    ): Promise<boolean> =>
      change(
        sql`INSERT INTO users (id, app_id, identifier, folded, status, metadata, created_at, updated_at)
            VALUES (${id}, ${appId}, ${identifier}, ${fold(identifier)}, ${status}, ${metadata}, ${now}, ${now})
            ON CONFLICT DO NOTHING RETURNING id`,
        { at: now, app_id: appId, type: 'user-created', user_id: id, actor },
      ),
    /** False where another user of the app has that identifier; throws nothing for it. */
    change: (
      appId: string,
      id: Buffer,
      { identifier, metadata }: { identifier: string; metadata: string },
      actor: string,
      now: number,
    ): Promise<boolean> =>
      change(
        sql`UPDATE users SET identifier = ${identifier}, folded = ${fold(identifier)}, metadata = ${metadata},
              updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND NOT EXISTS (
              SELECT 1 FROM users other WHERE other.app_id = ${appId} AND other.identifier = ${identifier} AND other.id <> ${id})
            RETURNING id`,
        { at: now, app_id: appId, type: 'user-updated', user_id: id, actor },
      ),
    activate: (appId: string, id: Buffer, actor: string, now: number): Promise<boolean> =>
      change(
        sql`UPDATE users SET status = 'active', updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND status <> 'active' RETURNING id`,
        { at: now, app_id: appId, type: 'activate', user_id: id, actor },
      ),
    /** Ends every session in the same row: the epoch moves on, and activating brings none back. */
    deactivate: (appId: string, id: Buffer, actor: string, now: number): Promise<boolean> =>
      change(
        sql`UPDATE users SET status = 'inactive', epoch = epoch + 1, updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND status <> 'inactive' RETURNING id`,
        { at: now, app_id: appId, type: 'deactivate', user_id: id, actor },
        announceEpoch(appId, id, now),
      ),
    /** Ends every session of the user by one row, whatever their number. */
    revokeAll: (appId: string, id: Buffer, actor: string, now: number): Promise<boolean> =>
      change(
        sql`UPDATE users SET epoch = epoch + 1, updated_at = ${now} WHERE id = ${id} AND app_id = ${appId} RETURNING id`,
        { at: now, app_id: appId, type: 'revoke-all', user_id: id, actor },
        announceEpoch(appId, id, now),
      ),
    /** Ends every session of the user but one, which moves on to the new epoch; false where that one is not live. */
    revokeOthers: (
      appId: string,
      id: Buffer,
      sessionId: Buffer,
      actor: string,
      now: number,
    ): Promise<boolean> =>
      change(
        sql`UPDATE users SET epoch = epoch + 1, updated_at = ${now}
            WHERE id = ${id} AND app_id = ${appId} AND EXISTS (
              SELECT 1 FROM sessions s WHERE s.user_id = ${id} AND s.id = ${sessionId} AND s.app_id = ${appId}
                AND s.ended_at IS NULL AND s.user_epoch = users.epoch)
            RETURNING id`,
        { at: now, app_id: appId, type: 'revoke-others', user_id: id, session_id: sessionId, actor },
        sql`UPDATE sessions SET user_epoch = user_epoch + 1
            WHERE user_id = ${id} AND id = ${sessionId} AND app_id = ${appId}`,
        announceEpoch(appId, id, now, sessionId),
      ),
    /** Deletes whom a sign-up that was never finished has left from before `until`. */
    async collectPending(until: number): Promise<void> {
      await database.rows(sql`DELETE FROM users WHERE status = 'pending' AND created_at < ${until}`)
    },
    /** The user's sessions end with the user; their rows go when they are collected. */
    remove: (appId: string, id: Buffer, actor: string, now: number): Promise<boolean> =>
      change(
        sql`UPDATE users SET epoch = ${lastEpoch} WHERE id = ${id} AND app_id = ${appId} RETURNING id`,
        { at: now, app_id: appId, type: 'user-deleted', user_id: id, actor },
        announceEpoch(appId, id, now),
        sql`DELETE FROM passkeys WHERE user_id = ${id} AND app_id = ${appId}`,
        sql`DELETE FROM users WHERE id = ${id} AND app_id = ${appId}`,
      ),
  }
}
