import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import {
  createPreparer,
  sql,
  StoreUnavailableError,
  type Database,
  type Dialect,
  type Statement,
} from './database.ts'
import { batchPerTick, type Job } from './batch-per-tick.ts'
import { createCheckpointer } from './checkpointer.ts'
import type { MigrationProgram } from './migration.ts'
import { migrations } from './schema.ts'
import { newerSchema } from './unusable.ts'
import { checkFolder, mapErrors } from './sqlite-file.ts'

const dialect: Dialect = {
  name: 'sqlite',
  stepTime: 2,
  bytes: 'BLOB',
  integer: 'INTEGER',
  serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  table: 'STRICT, WITHOUT ROWID',
  hotTable: 'STRICT, WITHOUT ROWID',
  lock: sql``,
  feed: {
    default: '0',
    position: sql`id`,
    horizon: sql`(SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'revocations')`,
  },
}

/** Converts the `Uint8Array`s of a row into `Buffer`s. */
function withBuffers<T>(row: Record<string, unknown>): T {
  for (const key in row) {
    const value = row[key]
    if (value instanceof Uint8Array) row[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  return row as T
}

function migrate(database: DatabaseSync): void {
  // Takes the write lock: if several processes start at once, one migrates and the others wait.
  database.exec('BEGIN IMMEDIATE')
  const { user_version: done } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  try {
    if (done > migrations.length) throw newerSchema(done, migrations.length)
    for (const migration of migrations.slice(done)) runMigration(database, migration(dialect))
    if (done < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function runMigration(database: DatabaseSync, migration: string | MigrationProgram): void {
  if (typeof migration === 'string') return database.exec(migration)
  const prepare = createPreparer(
    () => '?',
    (text) => database.prepare(text),
  )
  const run = (step: string | Statement): Record<string, unknown>[] => {
    if (typeof step === 'string') return (database.exec(step), [])
    const { prepared, values } = prepare(step)
    return prepared.all(...(values as SQLInputValue[]))
  }
  for (let step = migration.next(); !step.done;) step = migration.next(run(step.value))
}

/**
 * The number of pages in the write-ahead log, 240 MB, after which a connection makes a checkpoint itself. The checkpointer
 * keeps the log much shorter, so this happens only if its thread cannot run.
 */
const LAST_RESORT_PAGES = 60_000
/** A long read can make the log grow. When the log starts again, it is cut to 128 MB. SQLite alone never makes the file shorter. */
const LOG_LIMIT_BYTES = 128 * 2 ** 20
/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE. */
const TAKEN = new Set([1555, 2067])

interface Connection {
  readonly database: DatabaseSync
  all<T>(statement: Statement): T[]
  /** The same rows as the driver returns them: bytes are `Uint8Array`s. */
  raw(statement: Statement): unknown[]
  transaction<T>(work: () => T): T
}

function connect(file: string, synchronous: 'NORMAL' | 'FULL'): Connection {
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
  database.exec(
    `PRAGMA wal_autocheckpoint = ${LAST_RESORT_PAGES}; PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`,
  )
  const prepare = createPreparer(
    () => '?',
    (text) => database.prepare(text),
  )
  const raw = (statement: Statement): Record<string, unknown>[] => {
    const { prepared, values } = prepare(statement)
    return prepared.all(...(values as SQLInputValue[]))
  }
  return {
    database,
    all: <T>(statement: Statement) => raw(statement).map((row) => withBuffers<T>(row)),
    raw,
    transaction(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const done = work()
        database.exec('COMMIT')
        return done
      } catch (error) {
        // If the disk is full, SQLite can have rolled back by itself.
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
  }
}

/**
 * Opens the database of a data folder. Several processes of one machine can share it. `create`: create it and bring it up to
 * date if needed; otherwise this throws.
 */
export function openSqlite(folder: string, create: boolean): Database {
  const file = checkFolder(folder, create)
  // `durable` syncs each commit. `unsynced` does not: a lost refresh repairs itself, because its token is ahead of the row.
  const [durable, unsynced] = mapErrors(() => [connect(file, 'FULL'), connect(file, 'NORMAL')] as const)
  mapErrors(() => migrate(durable.database))

  const checkpointer = createCheckpointer(file)
  /** Runs a statement or a transaction that may write. */
  const writing = <T>(work: () => T): T => {
    checkpointer.wrote()
    return mapErrors(work)
  }

  const commit = (jobs: readonly Job<Statement, unknown[]>[]): void => {
    const run = (): unknown[][] => jobs.map(({ input }) => unsynced.raw(input))
    try {
      const rows = writing(() => (jobs.length > 1 ? unsynced.transaction(run) : run()))
      for (const [i, { resolve }] of jobs.entries()) resolve(rows[i]!)
    } catch (error) {
      // One bad statement must not fail the others: run each alone, unless the database itself is unusable.
      if (jobs.length > 1 && !(error instanceof StoreUnavailableError)) for (const job of jobs) commit([job])
      else for (const { reject } of jobs) reject(error)
    }
  }
  // Refreshes of one tick share a commit, and are answered after it.
  const batched = batchPerTick(commit)

  return {
    dialect,
    query: async (statement) => writing(() => durable.all(statement)),
    queryUnsynced: <T>(statement: Statement) => batched(statement) as Promise<T[]>,
    async queryInBackground(statement) {
      await checkpointer.idle()
      return writing(() => unsynced.all(statement))
    },
    async transaction<T>(first: Statement, ...then: Statement[]) {
      const run = (): T[] => {
        const rows = durable.all<T>(first)
        if (rows.length) for (const statement of then) durable.all(statement)
        return rows
      }
      try {
        return writing(() => durable.transaction(run))
      } catch (error) {
        if (TAKEN.has((error as { errcode?: number }).errcode ?? 0)) return []
        throw error
      }
    },
    async close() {
      // The last connection that closes empties the log, so it must be one of these two.
      await checkpointer.close()
      durable.database.close()
      unsynced.database.close()
    },
  }
}
