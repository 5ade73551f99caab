import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deriveKeys } from '../src/tokens/derived-keys.ts'
import { readMasterKey } from '../src/tokens/master-key.ts'
import { signRefreshToken } from '../src/tokens/refresh-token.ts'
import { install, start, stop } from './processes.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { at, refreshSteadily } from './refreshes.ts'

const DAY_MS = 86_400_000
const PER_SECOND = 500
const ROUNDS = 3
/** A round may delay refreshes up to this many milliseconds. */
const LIMIT_MS = 10

/**
 * Fills a store with sessions of random users, of which every fifth ended long ago, and with as many events that are older
 * than a year. Returns the ids of some live sessions.
 */
function fill(folder: string, count: number): { userId: Buffer; sessionId: Buffer }[] {
  const file = join(folder, 'tokenkeep.db')
  const database = new DatabaseSync(file)
  const now = Date.now()
  const numbers = `(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s)`
  database.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;
    INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at)
      SELECT randomblob(16), 'load', 'user ' || n, 'user ' || n, 'active', ${now} - n, ${now} FROM ${numbers};
    INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
        absolute_at, inactivity, ip, user_agent)
      SELECT id, randomblob(16), 'load', 0, 0, ${now}, ${now}, '${'0'.repeat(128)}', ${now}, 
        CASE WHEN (${now} - created_at) % 5 = 0 THEN ${now - 30 * DAY_MS} ELSE ${now + 30 * DAY_MS} END, ${7 * DAY_MS},
        '203.0.113.7', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'
      FROM users WHERE app_id = 'load' ORDER BY id;
    INSERT INTO events (at, app_id, type, user_id, session_id, actor)
      SELECT ${now - 400 * DAY_MS} + n, 'load', 'sign-in', randomblob(16), randomblob(16), 'user' FROM ${numbers};
    PRAGMA journal_mode = WAL`)
  const live = database
    .prepare(
      'SELECT user_id, id FROM sessions WHERE absolute_at > ? AND user_id > ? ORDER BY user_id LIMIT 20000',
    )
    .all(now, randomBytes(1).fill(0)) as { user_id: Uint8Array; id: Uint8Array }[]
  database.close()
  // Otherwise the first sync of the server writes all of it.
  const fd = openSync(file, 'r')
  fsyncSync(fd)
  closeSync(fd)
  return live.map(({ user_id, id }) => ({ userId: Buffer.from(user_id), sessionId: Buffer.from(id) }))
}

/** How many rows housekeeping still has to delete. */
function countOld(folder: string): number {
  const database = new DatabaseSync(join(folder, 'tokenkeep.db'), { readOnly: true })
  const { n } = database
    .prepare(
      'SELECT (SELECT count(*) FROM sessions WHERE absolute_at < ?1) + (SELECT count(*) FROM events WHERE at < ?1) AS n',
    )
    .get(Date.now() - 20 * DAY_MS) as { n: number }
  database.close()
  return n
}

/** Measures refreshes without other work and during rounds of housekeeping. Returns why the figures are too bad, if they are. */
export async function collect(count: number, seconds: number): Promise<string | undefined> {
  const installation = await install()
  const port = await freePort()
  const keys = deriveKeys(readMasterKey(installation.folder))
  const tokens = fill(installation.folder, count).map((ids) =>
    signRefreshToken(keys, 'load', { ...ids, generation: 0 }),
  )
  const server = await start(
    [join(import.meta.dirname, 'rounds.ts'), installation.folder, String(port)],
    port,
  )
  try {
    const refreshFor = (ms: number): Promise<number[]> => {
      const until = performance.now() + ms
      return refreshSteadily(port, tokens, PER_SECOND, () => performance.now() < until)
    }
    await refreshFor(2000)
    const quiet = await refreshFor(seconds * 1000)
    const before = countOld(installation.folder)
    const began = performance.now()
    let over = false
    const rounds = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        const { ok } = await fetch(`http://127.0.0.1:${port}/round`, { method: 'POST' })
        if (!ok) throw new Error('a round failed')
      }
    }
    const [during] = await Promise.all([
      refreshSteadily(port, tokens, PER_SECOND, () => !over),
      rounds().finally(() => (over = true)),
    ])
    const took = (performance.now() - began) / 1000
    const deleted = before - countOld(installation.folder)
    const line = (name: string, latencies: readonly number[]): void =>
      console.log(
        `${name}: ${latencies.length} refreshes, p50 ${at(latencies, 0.5).toFixed(2)} ms, p99 ${at(latencies, 0.99).toFixed(2)} ms, longest ${at(latencies, 1 - 1e-9).toFixed(2)} ms`,
      )
    console.log(`${count} sessions and ${count} events, ${PER_SECOND} refreshes a second`)
    line('without other work', quiet)
    line('during housekeeping', during)
    console.log(
      `${ROUNDS} rounds took ${took.toFixed(1)} s and deleted ${deleted} rows: ${Math.round(deleted / took)} a second`,
    )
    return at(during, 0.99) > LIMIT_MS
      ? `the p99 of refreshes during housekeeping is more than ${LIMIT_MS} ms`
      : undefined
  } finally {
    await stop(server)
    installation.remove()
  }
}
