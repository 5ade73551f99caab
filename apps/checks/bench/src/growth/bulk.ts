import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

/** Works on a store without the server: fills it before the server starts, and counts rows while the server runs. */
export interface Bulk {
  /** Returns SQL for a table with one column `n`: the whole numbers from `from` on. */
  series(from: number, count: number): string
  /** Returns SQL that computes `idOf`: a unique id for each whole number, as scattered as random ids. */
  id(n: string): string
  /** Fills the empty tables without a log. The index `sessions_by_end` is created afterwards. Returns the bytes of the sessions. */
  insert(users: readonly string[], sessions: readonly string[]): Promise<number>
  /** Returns the only number in a query's result. */
  ask(text: string): Promise<number>
  close(): Promise<void>
}

/** This factor is odd, so that no two numbers below 2^32 get the same first four bytes. */
const scatter = 2_654_435_761n

export function idOf(n: number): Buffer {
  const id = Buffer.alloc(16)
  id.writeUInt32BE(Number((BigInt(n) * scatter) % 2n ** 32n))
  id.writeBigUInt64BE(BigInt(n), 8)
  return id
}

export const openBulk = async (store: string): Promise<Bulk> =>
  store.startsWith('postgres:') ? onPostgres(store) : onSqlite(store)

const indexOfEnds = 'sessions_by_end'

function onSqlite(folder: string): Bulk {
  const database = new DatabaseSync(join(folder, 'tokenkeep.db'), { timeout: 60_000 })
  const number = (text: string): number => Object.values(database.prepare(text).get()!)[0] as number
  const size = (): number => number('PRAGMA page_count') * number('PRAGMA page_size')
  return {
    series: (from, count) =>
      `(WITH RECURSIVE s (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM s WHERE n < ${from + count - 1}) SELECT n FROM s)`,
    id: (n) => `unhex(printf('%08x%024x', ((${n}) * ${scatter}) % 4294967296, ${n}))`,
    async insert(users, sessions) {
      database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000')
      const { sql } = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = '${indexOfEnds}'`).get()!
      database.exec(`DROP INDEX ${indexOfEnds}`)
      for (const text of users) database.exec(text)
      const before = size()
      for (const text of sessions) database.exec(text)
      database.exec(String(sql))
      const after = size()
      database.exec('PRAGMA journal_mode = WAL')
      return after - before
    },
    ask: async (text) => number(text),
    close: async () => database.close(),
  }
}

async function onPostgres(url: string): Promise<Bulk> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const ask = async (text: string): Promise<number> =>
    Number(Object.values<unknown>((await client.query({ text })).rows[0])[0])
  return {
    series: (from, count) => `generate_series(${from}::bigint, ${from + count - 1}) s (n)`,
    id: (n) =>
      `decode(lpad(to_hex(((${n}) * ${scatter}) % 4294967296), 8, '0') || lpad(to_hex(${n}), 24, '0'), 'hex')`,
    async insert(users, sessions) {
      const { rows } = await client.query<{ key: string; ends: string }>(
        `SELECT pg_get_constraintdef(oid) AS key, pg_get_indexdef('${indexOfEnds}'::regclass) AS ends
         FROM pg_constraint WHERE conname = 'sessions_pkey'`,
      )
      // A table that was truncated in the same transaction needs no log (with wal_level = minimal).
      await client.query('BEGIN')
      await client.query('TRUNCATE users, sessions')
      await client.query(`ALTER TABLE sessions DROP CONSTRAINT sessions_pkey; DROP INDEX ${indexOfEnds}`)
      for (const text of [...users, ...sessions]) await client.query(text)
      await client.query(
        `ALTER TABLE sessions ADD CONSTRAINT sessions_pkey ${rows[0]!.key}; ${rows[0]!.ends}`,
      )
      await client.query('COMMIT')
      await client.query('VACUUM ANALYZE')
      await client.query('CHECKPOINT')
      return ask(`SELECT pg_total_relation_size('sessions')`)
    },
    ask,
    close: () => client.end(),
  }
}
