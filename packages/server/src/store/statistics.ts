import { sql, type Database } from './database.ts'

export const counters = [
  'sign_ins',
  'refreshes',
  'replays',
  'reuses',
  'fast_forwards',
  'refusals',
  'sign_outs',
] as const
export type Counter = (typeof counters)[number]
export type Counts = Readonly<Record<Counter, number>>

export interface Point extends Counts {
  /** ms. */
  readonly at: number
  readonly live_sessions: number | null
}

/** The grain, in ms: one row per app and minute. */
export const minute = 60_000

export const statistics = (database: Database) => ({
  /** Adds what one process counted in the minute of `at`. */
  async add(appId: string, at: number, c: Counts): Promise<void> {
    await database.fast(sql`
      INSERT INTO statistics (app_id, at, sign_ins, refreshes, replays, reuses, fast_forwards, refusals, sign_outs)
      VALUES (${appId}, ${at - (at % minute)}, ${c.sign_ins}, ${c.refreshes}, ${c.replays}, ${c.reuses},
        ${c.fast_forwards}, ${c.refusals}, ${c.sign_outs})
      ON CONFLICT (app_id, at) DO UPDATE SET sign_ins = statistics.sign_ins + excluded.sign_ins,
        refreshes = statistics.refreshes + excluded.refreshes, replays = statistics.replays + excluded.replays,
        reuses = statistics.reuses + excluded.reuses, fast_forwards = statistics.fast_forwards + excluded.fast_forwards,
        refusals = statistics.refusals + excluded.refusals, sign_outs = statistics.sign_outs + excluded.sign_outs`)
  },
  /** How many sessions were live in the minute of `at`. */
  async sample(appId: string, at: number, live: number): Promise<void> {
    await database.fast(sql`
      INSERT INTO statistics (app_id, at, live_sessions) VALUES (${appId}, ${at - (at % minute)}, ${live})
      ON CONFLICT (app_id, at) DO UPDATE SET live_sessions = excluded.live_sessions`)
  },
  /** In steps of `step` ms, oldest first; the last sample of a step stands for it. */
  list: (appId: string, from: number, to: number, step: number): Promise<Point[]> =>
    database.rows<Point>(sql`
      SELECT at - at % ${step} AS at, sum(sign_ins) AS sign_ins, sum(refreshes) AS refreshes, sum(replays) AS replays,
        sum(reuses) AS reuses, sum(fast_forwards) AS fast_forwards, sum(refusals) AS refusals,
        sum(sign_outs) AS sign_outs, max(live_sessions) AS live_sessions
      FROM statistics WHERE app_id = ${appId} AND at >= ${from} AND at < ${to}
      GROUP BY 1 ORDER BY 1`),
  async collect(until: number): Promise<void> {
    await database.rows(sql`DELETE FROM statistics WHERE at < ${until}`)
  },
})
