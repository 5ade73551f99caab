import { sql, type Database, type Statement } from './database.ts'

interface RevocationBase {
  readonly at: number
  readonly app_id: string
}
export type NewRevocation = RevocationBase &
  (
    | { readonly type: 'session'; readonly user_id: Buffer; readonly session_id: Buffer }
    | { readonly type: 'app'; readonly not_before: number }
  )

export interface Revocation {
  readonly id: number
  readonly position: number
  readonly at: number
  readonly app_id: string
  readonly type: 'session' | 'user' | 'app'
  readonly user_id: Buffer | null
  /** Type `session`: the session that ended. Type `user`: the one session that did not end, if any. */
  readonly session_id: Buffer | null
  readonly epoch: number | null
  readonly not_before: number | null
}

/** Inserts into the feed that one session, or every session of an app, has ended. */
export const insertRevocation = (entry: NewRevocation): Statement => sql`
  INSERT INTO revocations (at, app_id, type, user_id, session_id, not_before)
  VALUES (${entry.at}, ${entry.app_id}, ${entry.type}, ${entry.type === 'session' ? entry.user_id : null},
    ${entry.type === 'session' ? entry.session_id : null}, ${entry.type === 'app' ? entry.not_before : null})`

/** Inserts into the feed that the sessions of a user's earlier epochs have ended, except one if it is named. */
export const insertUserRevocation = (
  appId: string,
  userId: Buffer,
  at: number,
  except?: Buffer,
): Statement => sql`
  INSERT INTO revocations (at, app_id, type, user_id, session_id, epoch)
  SELECT ${at}, app_id, 'user', id, ${except ?? null}, epoch FROM users WHERE id = ${userId} AND app_id = ${appId}`

export interface FeedPage {
  readonly entries: Revocation[]
  /** A row that commits after this reading has this position or a later one. */
  readonly horizon: number
}

export const revocations = (database: Database) => {
  const { position, horizon } = database.dialect.feed
  return {
    /** Lists rows with a position of `from` or later and a time after `after` (milliseconds), of one app or all, oldest first. */
    async since(from: number, after: number, appId?: string): Promise<FeedPage> {
      // One statement, so that the entries and the horizon are from the same moment.
      const rows = await database.query<Revocation & { horizon: number }>(sql`
        SELECT h.horizon, r.* FROM (SELECT ${horizon} AS horizon) h LEFT JOIN (
          SELECT id, ${position} AS position, at, app_id, type, user_id, session_id, epoch, not_before FROM revocations
          WHERE ${position} >= ${from} AND at > ${after} ${appId === undefined ? sql`` : sql`AND app_id = ${appId}`}
        ) r ON 1 = 1 ORDER BY r.position, r.id`)
      return { entries: rows.filter(({ id }) => id !== null), horizon: rows[0]!.horizon }
    },
    /** Deletes those of the oldest `limit` rows that are older than `until` (milliseconds). Returns how many. */
    async deleteBefore(until: number, limit: number): Promise<number> {
      const deleted = await database.queryInBackground(sql`
        DELETE FROM revocations WHERE id IN (SELECT id FROM revocations ORDER BY id LIMIT ${limit}) AND at < ${until}
        RETURNING id`)
      return deleted.length
    },
  }
}
