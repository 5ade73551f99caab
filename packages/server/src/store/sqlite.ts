import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { preparer, sql, StoreUnavailable, type Database, type Dialect, type Statement } from './database.ts'
import { gathered, type Job } from './batch-per-tick.ts'
import { migrations } from './schema.ts'

const dialect: Dialect = {
  name: 'sqlite',
  bytes: 'BLOB',
  integer: 'INTEGER',
  serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  table: 'STRICT, WITHOUT ROWID',
  hotTable: 'STRICT, WITHOUT ROWID',
  feed: {
    default: '0',
    position: sql`id`,
    horizon: sql`(SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'revocations')`,
  },
}

/** SQLite's result codes for a database that can't be used now: busy, locked, read-only, I/O error, full, unopenable. */
const unavailable = new Set([5, 6, 8, 10, 13, 14])

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { errcode = 0, message } = error as { errcode?: number; message: string }
    if (!unavailable.has(errcode & 0xff)) throw error
    throw new StoreUnavailable(message, { cause: error })
  }
}

/** Bytes come back as Uint8Array: make Buffers of them once, here. */
function take<T>(row: Record<string, unknown>): T {
  for (const key in row) {
    const value = row[key]
    if (value instanceof Uint8Array) row[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  return row as T
}

function migrate(database: DatabaseSync): void {
  // The lock of a writer: of several processes that start at once, one migrates and the others wait.
  database.exec('BEGIN IMMEDIATE')
  const { user_version: done } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  for (const migration of migrations.slice(done)) database.exec(migration(dialect))
  database.exec(`PRAGMA user_version = ${migrations.length}`)
  database.exec('COMMIT')
}

/**
 * Pages in the log before they are copied into the database, which takes two syncs: 16 MB. The same rows are written again
 * and again, and each page is copied once.
 */
const checkpoint = 4000

interface Connection {
  readonly database: DatabaseSync
  all<T>(statement: Statement): T[]
  /** The same, as the driver gives them: bytes are no Buffers. */
  raw(statement: Statement): unknown[]
  transaction<T>(work: () => T): T
}

function connect(file: string, synchronous: 'NORMAL' | 'FULL'): Connection {
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
  database.exec(`PRAGMA wal_autocheckpoint = ${checkpoint}`)
  const prepared = preparer(
    () => '?',
    (text) => database.prepare(text),
  )
  const raw = (statement: Statement): Record<string, unknown>[] => {
    const { prepared: found, values } = prepared(statement)
    return found.all(...(values as SQLInputValue[]))
  }
  return {
    database,
    all: <T>(statement: Statement) => raw(statement).map((row) => take<T>(row)),
    raw,
    transaction(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const done = work()
        database.exec('COMMIT')
        return done
      } catch (error) {
        // Where the disk is full, SQLite may have rolled back by itself.
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
  }
}

/** Opens, and creates where needed, the database of a data folder. Several processes of one machine may share it. */
export function openSqlite(folder: string): Database {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'tokenkeep.db')
  // Two connections: what must not be lost is synced; a refresh heals itself when it is (generation ahead of the row).
  const [durable, quick] = guarded(() => [connect(file, 'FULL'), connect(file, 'NORMAL')] as const)
  guarded(() => migrate(durable.database))

  const commit = (jobs: readonly Job<Statement, unknown[]>[]): void => {
    const run = (): unknown[][] => jobs.map(({ input }) => quick.raw(input))
    try {
      const rows = guarded(() => (jobs.length > 1 ? quick.transaction(run) : run()))
      for (const [i, { resolve }] of jobs.entries()) resolve(rows[i]!)
    } catch (error) {
      // Nobody fails for another's reason: each by itself, unless there is no database for anybody.
      if (jobs.length > 1 && !(error instanceof StoreUnavailable)) for (const job of jobs) commit([job])
      else for (const { reject } of jobs) reject(error)
    }
  }
  // The refreshes of many connections share a commit: nobody is answered before it.
  const fast = gathered(commit)

  return {
    dialect,
    rows: async (statement) => guarded(() => durable.all(statement)),
    fast: <T>(statement: Statement) => fast(statement) as Promise<T[]>,
    together: async <T>(first: Statement, ...then: Statement[]) =>
      guarded(() =>
        durable.transaction(() => {
          const rows = durable.all<T>(first)
          if (rows.length) for (const statement of then) durable.all(statement)
          return rows
        }),
      ),
    async close() {
      durable.database.close()
      quick.database.close()
    },
  }
}
