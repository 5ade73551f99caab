import { sql, type Database, type Statement } from './database.ts'

interface RevocationBase {
  readonly at: number
  readonly app_id: string
}
export type NewRevocation = RevocationBase &
  (
    | { readonly type: 'session'; readonly user_id: Buffer; readonly session_id: Buffer }
    | { readonly type: 'app'; readonly not_before: number }
    | { readonly type: 'keys'; readonly dropped: readonly string[] }
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
  /** The ids of signing keys that sign no more. Then the rest of the entry says nothing. JSON. */
  readonly dropped: string | null
  /** When the last auth token that it concerns has expired, in milliseconds since the epoch. */
  readonly needed_until: number
}

/** The longest life of an auth token, with and without refresh tokens, in milliseconds. */
const LONGEST_WITH_REFRESH_MS = 600_000
const LONGEST_MS = 86_400_000

/**
 * When the last auth token of these sessions has expired. A session without refresh tokens has one token, which lives as long
 * as the session. `sessions` is a condition.
 */
const neededUntil = (at: number, sessions: Statement): Statement => sql`(
  SELECT coalesce(max(CASE WHEN s.absolute_at > ${at + LONGEST_WITH_REFRESH_MS} THEN s.absolute_at END), ${at + LONGEST_WITH_REFRESH_MS})
  FROM sessions s WHERE ${sessions} AND s.generation = 0 AND s.absolute_at - s.created_at <= ${LONGEST_MS})`

/** Inserts into the feed that one session, or every session of an app, has ended, or that signing keys were dropped. */
export function insertRevocation(entry: NewRevocation): Statement {
  const { at, app_id } = entry
  if (entry.type === 'session')
    return sql`
      INSERT INTO revocations (at, app_id, type, user_id, session_id, needed_until)
      VALUES (${at}, ${app_id}, 'session', ${entry.user_id}, ${entry.session_id},
        ${neededUntil(at, sql`s.user_id = ${entry.user_id} AND s.id = ${entry.session_id}`)})`
  const [notBefore, dropped] =
    entry.type === 'app' ? [entry.not_before, null] : [0, JSON.stringify(entry.dropped)]
  return sql`
    INSERT INTO revocations (at, app_id, type, not_before, dropped, needed_until)
    VALUES (${at}, ${app_id}, 'app', ${notBefore}, ${dropped}, ${at + LONGEST_MS})`
}

/** Inserts into the feed that the sessions of a user's earlier epochs have ended, except one if it is named. */
export const insertUserRevocation = (
  appId: string,
  userId: Buffer,
  at: number,
  except?: Buffer,
): Statement => sql`
  INSERT INTO revocations (at, app_id, type, user_id, session_id, epoch, needed_until)
  SELECT ${at}, app_id, 'user', id, ${except ?? null}, epoch, ${neededUntil(at, sql`s.user_id = ${userId}`)} FROM users WHERE id = ${userId} AND app_id = ${appId}`

export interface FeedPage {
  readonly entries: Revocation[]
  /** A row that commits after this reading has this position or a later one. */
  readonly horizon: number
}

const end = sql`coalesce(needed_until, at + 600000)`

export const revocations = (database: Database) => {
  const { position, horizon } = database.dialect.feed
  return {
    /** Lists rows with a position of `from` or later that are still needed, of one app or all, oldest first. */
    async since(from: number, now: number, appId?: string): Promise<FeedPage> {
      // One statement, so that the entries and the horizon are from the same moment.
      const rows = await database.query<Revocation & { horizon: number }>(sql`
        SELECT h.horizon, r.* FROM (SELECT ${horizon} AS horizon) h LEFT JOIN (
          SELECT id, ${position} AS position, at, app_id, type, user_id, session_id, epoch, not_before, dropped,
            ${end} AS needed_until FROM revocations
          WHERE ${position} >= ${from} AND ${end} > ${now} ${appId === undefined ? sql`` : sql`AND app_id = ${appId}`}
        ) r ON 1 = 1 ORDER BY r.position, r.id`)
      return { entries: rows.filter(({ id }) => id !== null), horizon: rows[0]!.horizon }
    },
    /** Deletes up to `limit` rows that were needed until `until` (milliseconds) at the latest. Returns how many. */
    async deleteUnneeded(until: number, limit: number): Promise<number> {
      const deleted = await database.queryInBackground(sql`
        DELETE FROM revocations WHERE id IN (SELECT id FROM revocations WHERE ${end} <= ${until} ORDER BY ${end} LIMIT ${limit})
        RETURNING id`)
      return deleted.length
    },
  }
}
