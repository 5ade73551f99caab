import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { preparer, sql, StoreUnavailable, type Database, type Dialect, type Statement } from './database.ts'
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

/** Opens, and creates where needed, the database of a data folder. Several processes of one machine may share it. */
export function openSqlite(folder: string): Database {
  mkdirSync(folder, { recursive: true })
  const open = (synchronous: 'NORMAL' | 'FULL'): DatabaseSync => {
    const database = new DatabaseSync(join(folder, 'tokenkeep.db'), { timeout: 5000 })
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
    return database
  }
  // Two connections: what must not be lost is synced; a refresh heals itself when it is (generation ahead of the row).
  const [durable, quick] = guarded(() => [open('FULL'), open('NORMAL')] as const)
  guarded(() => migrate(durable))

  const reader = (database: DatabaseSync) => {
    const prepared = preparer(
      () => '?',
      (text) => database.prepare(text),
    )
    return <T>(statement: Statement): T[] => {
      const { prepared: found, values } = prepared(statement)
      return found.all(...(values as SQLInputValue[])).map((row) => take<T>(row))
    }
  }
  const [all, allQuick] = [reader(durable), reader(quick)]

  return {
    dialect,
    rows: async (statement) => guarded(() => all(statement)),
    fast: async (statement) => guarded(() => allQuick(statement)),
    together: async <T>(first: Statement, ...then: Statement[]) =>
      guarded(() => {
        durable.exec('BEGIN IMMEDIATE')
        try {
          const rows = all<T>(first)
          if (rows.length) for (const statement of then) all(statement)
          durable.exec('COMMIT')
          return rows
        } catch (error) {
          // Where the disk is full, SQLite may have rolled back by itself.
          if (durable.isTransaction) durable.exec('ROLLBACK')
          throw error
        }
      }),
    async close() {
      durable.close()
      quick.close()
    },
  }
}
