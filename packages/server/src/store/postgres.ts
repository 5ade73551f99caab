import pg from 'pg'
import {
  UnstorableTextError,
  createPreparer,
  sql,
  StoreUnavailableError,
  type Database,
  type Dialect,
  type Statement,
} from './database.ts'
import { batchPerTick } from './batch-per-tick.ts'
import { pipelined } from './pipelines.ts'
import type { MigrationProgram } from './migration.ts'
import { migrations } from './schema.ts'

const dialect: Dialect = {
  name: 'postgres',
  bytes: 'BYTEA',
  integer: 'BIGINT',
  serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  table: '',
  // Keeps free space on each page for the next version of its rows (HOT updates).
  hotTable: 'WITH (fillfactor = 70)',
  // Rows get their numbers in one order and commit in another. A row that is not committed yet belongs to an open
  // transaction, so its position is at or after the oldest open transaction.
  feed: {
    default: '(pg_current_xact_id()::text::bigint)',
    position: sql`position`,
    horizon: sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`,
  },
}

/** Reads whole numbers as JavaScript numbers: none of them exceeds 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/**
 * SQLSTATE classes and codes of a database that cannot be used now: connection (08), transaction rollback (40), insufficient
 * resources such as a full disk (53), operator intervention such as a shutdown (57), system error (58), read-only
 * transaction after a failover (25006), lock not available (55P03).
 */
const UNAVAILABLE_SQLSTATE = /^(08|40|53|57|58|25006|55P03)/

/** Turns an error of the connection or of an unusable database into {@link StoreUnavailableError}. */
async function mapErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    // These are errors of this process, not of the connection.
    if (error instanceof UnstorableTextError || error instanceof TypeError) throw error
    const { code, message, severity } = error as { code?: string; message: string; severity?: string }
    // PostgreSQL's own errors have a severity. An error without it means that the connection is broken, refused or timed out.
    if (severity !== undefined && !UNAVAILABLE_SQLSTATE.test(code ?? '')) throw error
    throw new StoreUnavailableError(message, { cause: error })
  }
}

function openPool(url: string, setting: string, own: pg.PoolConfig): pg.Pool {
  const address = new URL(url)
  const options = [address.searchParams.get('options'), setting].filter(Boolean).join(' ')
  if (options) address.searchParams.set('options', options)
  const pool = new pg.Pool({
    connectionString: address.href,
    application_name: 'tokenkeep',
    connectionTimeoutMillis: 3000,
    statement_timeout: 5000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    ...own,
    types,
  })
  // Without listeners, the loss of an idle connection would end the process. Pending queries reject, and the pool reconnects.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    // If several processes start at once, one migrates and the others wait.
    await client.query('BEGIN')
    await client.query('SET LOCAL statement_timeout = 0')
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('tokenkeep migrations'))`)
    await client.query('CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY)')
    const { rows } = await client.query<{ done: number }>('SELECT count(*) AS done FROM migrations')
    for (const [i, migration] of migrations.entries()) {
      if (i < rows[0]!.done) continue
      await runMigration(client, migration(dialect))
      await client.query('INSERT INTO migrations VALUES ($1)', [i + 1])
    }
    await client.query('COMMIT')
  } finally {
    client.release(true)
  }
}

async function runMigration(client: pg.PoolClient, migration: string | MigrationProgram): Promise<void> {
  if (typeof migration === 'string') return void (await client.query(migration))
  const prepare = createPreparer(
    (n) => `$${n}`,
    (text) => text,
  )
  const run = async (step: string | Statement): Promise<Record<string, unknown>[]> => {
    const { prepared: text, values } =
      typeof step === 'string' ? { prepared: step, values: [] } : prepare(step)
    return (await client.query<Record<string, unknown>>(text, values)).rows ?? []
  }
  for (let step = migration.next(); !step.done;) step = migration.next(await run(step.value))
}

/** Opens a PostgreSQL database (version 13 or later) and creates its tables. Any number of processes can share it. */
export async function openPostgres(url: string): Promise<Database> {
  // `durable` waits for the disk. `unsynced` does not: a lost refresh repairs itself, because its token is ahead of the row.
  const durable = openPool(url, '', { max: 10 })
  const unsynced = openPool(url, '-c synchronous_commit=off', { max: 2, pipeline: true })
  await mapErrors(migrate(durable)).catch(async (error: unknown) => {
    await Promise.all([durable.end(), unsynced.end()])
    throw error
  })

  let statements = 0
  const prepare = createPreparer(
    (n) => `$${n}`,
    (text) => ({ name: `tokenkeep_${statements++}`, text }),
  )
  const run = async <T>(on: pg.Pool | pg.PoolClient, statement: Statement): Promise<T[]> => {
    const { prepared, values } = prepare(statement)
    return (await on.query({ ...prepared, values })).rows as T[]
  }
  const runTransaction = async <T>(first: Statement, then: readonly Statement[]): Promise<T[]> => {
    const client = await durable.connect()
    let broken = true
    try {
      await client.query('BEGIN')
      const rows = await run<T>(client, first)
      if (rows.length) for (const statement of then) await run(client, statement)
      await client.query(rows.length ? 'COMMIT' : 'ROLLBACK')
      broken = false
      return rows
    } finally {
      // After a failure the connection is closed, which discards the open transaction.
      client.release(broken)
    }
  }

  // Refreshes of one tick share their round trips. Each commits by itself.
  const batched = batchPerTick(
    pipelined<Statement, unknown[]>(unsynced, (client, statement) => run(client, statement)),
  )

  return {
    dialect,
    query: (statement) => mapErrors(run(durable, statement)),
    queryUnsynced: <T>(statement: Statement) => mapErrors(batched(statement)) as Promise<T[]>,
    transaction: (first, ...then) => mapErrors(runTransaction(first, then)),
    async close() {
      await Promise.all([durable.end(), unsynced.end()])
    },
  }
}
