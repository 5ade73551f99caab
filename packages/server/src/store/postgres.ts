import type pg from 'pg'
import { createPreparer, sql, type Database, type Dialect, type Statement } from './database.ts'
import { batchPerTick } from './batch-per-tick.ts'
import { pipelined } from './pipelines.ts'
import { mapErrors, mapOpeningErrors } from './postgres-errors.ts'
import { migratePostgres } from './postgres-migrations.ts'
import { connectToPrimary, destroyConnection, openPool, type Target } from './postgres-pool.ts'

/** The SQLSTATE of a row that a unique index refuses. */
const UNIQUE_VIOLATION = '23505'

const dialect: Dialect = {
  name: 'postgres',
  stepTime: 500,
  bytes: 'BYTEA',
  integer: 'BIGINT',
  serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  table: '',
  // Keeps free space on each page for the next version of its rows (HOT updates).
  hotTable: 'WITH (fillfactor = 70)',
  lock: sql`FOR UPDATE`,
  // Rows get their numbers in one order and commit in another. A row that is not committed yet belongs to an open
  // transaction, so its position is at or after the oldest open transaction.
  feed: {
    default: '(pg_current_xact_id()::text::bigint)',
    position: sql`position`,
    horizon: sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`,
  },
}

/** Connects, brings the tables up to date, and returns how to reach the database. */
async function prepareDatabase(url: string, create: boolean): Promise<Target> {
  const { client, target } = await connectToPrimary(url)
  try {
    await migratePostgres(client, dialect, create)
    await client.end()
    return target
  } catch (error) {
    destroyConnection(client)
    throw error
  }
}

/**
 * Opens a PostgreSQL database (version 13 or later). Any number of processes can share it. `create`: create its tables and
 * bring them up to date if needed; otherwise this throws.
 */
export async function openPostgres(url: string, create: boolean): Promise<Database> {
  const target = await mapOpeningErrors(prepareDatabase(url, create))
  // `durable` waits for the disk. `unsynced` does not: a lost refresh repairs itself, because its token is ahead of the row.
  const durable = openPool(target, '', { max: 10 })
  const unsynced = openPool(target, '-c synchronous_commit=off', { max: 2, pipeline: true })

  let statements = 0
  const prepare = createPreparer(
    (n) => `$${n}`,
    // A pooler can run each transaction on another connection, which does not know the statements of this one.
    (text) => (target.pooled ? { text } : { name: `tokenkeep_${statements++}`, text }),
  )
  const run = async <T>(on: pg.Pool | pg.PoolClient, statement: Statement): Promise<T[]> => {
    const { prepared, values } = prepare(statement)
    return (await on.query({ ...prepared, values })).rows as T[]
  }
  const runTransaction = async <T>(first: Statement, then: readonly Statement[]): Promise<T[]> => {
    const client = await durable.pool.connect()
    let broken = true
    try {
      await client.query('BEGIN')
      const rows = await run<T>(client, first)
      if (rows.length) for (const statement of then) await run(client, statement)
      await client.query(rows.length ? 'COMMIT' : 'ROLLBACK')
      broken = false
      return rows
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
      await client.query('ROLLBACK')
      broken = false
      return []
    } finally {
      // After a failure the connection is closed, which discards the open transaction.
      client.release(broken)
    }
  }

  // Refreshes of one tick share their round trips. Each commits by itself.
  const batched = batchPerTick(
    pipelined<Statement, unknown[]>(unsynced.pool, (client, statement) => run(client, statement)),
  )
  const query = <T>(statement: Statement): Promise<T[]> => mapErrors(run<T>(durable.pool, statement))

  return {
    dialect,
    query,
    // A pooler refuses the setting and serves other programs too, so every statement waits for the disk behind it.
    queryUnsynced: target.pooled
      ? query
      : <T>(statement: Statement) => mapErrors(batched(statement)) as Promise<T[]>,
    // Refreshes have connections of their own.
    queryInBackground: query,
    transaction: (first, ...then) => mapErrors(runTransaction(first, then)),
    async close() {
      await Promise.all([durable.close(), unsynced.close()])
    },
  }
}
