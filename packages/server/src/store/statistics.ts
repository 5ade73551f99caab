import { sql, type Database } from './database.ts'

export const COUNTERS = [
  'sign_ins',
  'refreshes',
  'replays',
  'reuses',
  'fast_forwards',
  'refusals',
  'sign_outs',
] as const
export type Counter = (typeof COUNTERS)[number]
export type Counts = Readonly<Record<Counter, number>>

export interface Point extends Counts {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly live_sessions: number | null
}

/** The resolution in milliseconds: one row per app and minute. */
export const MINUTE_MS = 60_000

export const statistics = (database: Database) => ({
  /** Adds the counts of one process to the minute of `at` (milliseconds). */
  async add(appId: string, at: number, c: Counts): Promise<void> {
    await database.queryUnsynced(sql`
      INSERT INTO statistics (app_id, at, sign_ins, refreshes, replays, reuses, fast_forwards, refusals, sign_outs)
      VALUES (${appId}, ${at - (at % MINUTE_MS)}, ${c.sign_ins}, ${c.refreshes}, ${c.replays}, ${c.reuses},
        ${c.fast_forwards}, ${c.refusals}, ${c.sign_outs})
      ON CONFLICT (app_id, at) DO UPDATE SET sign_ins = statistics.sign_ins + excluded.sign_ins,
        refreshes = statistics.refreshes + excluded.refreshes, replays = statistics.replays + excluded.replays,
        reuses = statistics.reuses + excluded.reuses, fast_forwards = statistics.fast_forwards + excluded.fast_forwards,
        refusals = statistics.refusals + excluded.refusals, sign_outs = statistics.sign_outs + excluded.sign_outs`)
  },
  /** Records how many sessions were live in the minute of `at` (milliseconds). */
  async recordLiveSessions(appId: string, at: number, live: number): Promise<void> {
    await database.queryUnsynced(sql`
      INSERT INTO statistics (app_id, at, live_sessions) VALUES (${appId}, ${at - (at % MINUTE_MS)}, ${live})
      ON CONFLICT (app_id, at) DO UPDATE SET live_sessions = excluded.live_sessions`)
  },
  /** Lists sums per `step` milliseconds, oldest first. `live_sessions` is the highest sample of a step. */
  list: (appId: string, from: number, to: number, step: number): Promise<Point[]> =>
    database.query<Point>(sql`
      SELECT at - at % ${step} AS at, sum(sign_ins) AS sign_ins, sum(refreshes) AS refreshes, sum(replays) AS replays,
        sum(reuses) AS reuses, sum(fast_forwards) AS fast_forwards, sum(refusals) AS refusals,
        sum(sign_outs) AS sign_outs, max(live_sessions) AS live_sessions
      FROM statistics WHERE app_id = ${appId} AND at >= ${from} AND at < ${to}
      GROUP BY 1 ORDER BY 1`),
  /** Deletes up to `limit` rows of an app that are older than `until` (milliseconds). Returns how many. */
  async deleteBefore(appId: string, until: number, limit: number): Promise<number> {
    const deleted = await database.queryInBackground(sql`
      DELETE FROM statistics WHERE app_id = ${appId} AND at IN (
        SELECT at FROM statistics WHERE app_id = ${appId} AND at < ${until} ORDER BY at LIMIT ${limit})
      RETURNING at`)
    return deleted.length
  },
})
