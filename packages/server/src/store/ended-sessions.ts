import { sql, type Database } from './database.ts'
import { isLive } from './live-session.ts'
import type { SessionKey } from './session-row.ts'

export interface Pruned {
  /** The last key of the slice, to continue after. Undefined at the end of the table. */
  readonly last: SessionKey | undefined
  /** How many sessions of the slice are live, by app. An app without live sessions is absent. */
  readonly live: readonly { readonly app_id: string; readonly live: number }[]
}

/** How housekeeping deletes sessions that are over. */
export const endedSessions = (database: Database) => ({
  /** Deletes up to `limit` sessions whose absolute limit passed before `until` (milliseconds). Returns how many. */
  async deleteExpired(until: number, limit: number): Promise<number> {
    const deleted = await database.queryInBackground(sql`
      DELETE FROM sessions WHERE (user_id, id) IN (
        SELECT user_id, id FROM sessions WHERE absolute_at < ${until} ORDER BY absolute_at LIMIT ${limit})
      RETURNING id`)
    return deleted.length
  },
  /**
   * Reads the next `limit` rows after a key. Deletes those that ended before `until` (milliseconds), whose user is gone, or
   * that belong to an earlier epoch of the user or the app.
   */
  async pruneEnded(
    after: SessionKey | undefined,
    until: number,
    now: number,
    limit: number,
  ): Promise<Pruned> {
    const from = after ? sql`(user_id, id) > (${after.user_id}, ${after.id})` : sql`1 = 1`
    const keys = sql`SELECT user_id, id FROM sessions WHERE ${from} ORDER BY user_id, id`
    // This is not a range up to the last key, because PostgreSQL cannot know that such a range is short and would read the whole table.
    const slice = sql`(sessions.user_id, sessions.id) IN (${keys} LIMIT ${limit})`
    const [last] = await database.queryInBackground<SessionKey>(sql`${keys} LIMIT 1 OFFSET ${limit - 1}`)
    const counted = await database.queryInBackground<{ app_id: string; live: number }>(sql`
      SELECT app_id, count(*) AS live FROM sessions WHERE ${slice} AND ${isLive(now)} GROUP BY app_id`)
    await database.queryInBackground(sql`
      DELETE FROM sessions WHERE ${slice}
        AND (ended_at < ${until} OR active_at + inactivity < ${until}
          OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.epoch = sessions.user_epoch)
          OR EXISTS (SELECT 1 FROM apps a WHERE a.id = sessions.app_id AND a.not_before > sessions.created_at))`)
    return { last, live: counted }
  },
})
