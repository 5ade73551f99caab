import pg from 'pg'
import {
  NotStorable,
  preparer,
  sql,
  StoreUnavailable,
  type Database,
  type Dialect,
  type Statement,
} from './database.ts'
import { gathered } from './batch-per-tick.ts'
import { pipelined } from './pipelines.ts'
import { migrations } from './schema.ts'

const dialect: Dialect = {
  name: 'postgres',
  bytes: 'BYTEA',
  integer: 'BIGINT',
  serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  table: '',
  // Room on each page for the next version of its rows.
  hotTable: 'WITH (fillfactor = 70)',
  // Numbers are given in one order and committed in another: what is not committed yet belongs to a transaction that
  // is still open, and is at or after the oldest of those.
  feed: {
    default: '(pg_current_xact_id()::text::bigint)',
    position: sql`position`,
    horizon: sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`,
  },
}

/** Whole numbers as numbers: none here is beyond 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/**
 * SQLSTATE classes of a database that can't be used now: connection, transaction rolled back, resources (also a full
 * disk), operator (also shutting down), system; and read-only, after a failover.
 */
const unavailable = /^(08|40|53|57|58|25006|55P03)/

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    // Ours, not the connection's.
    if (error instanceof NotStorable || error instanceof TypeError) throw error
    const { code, message, severity } = error as { code?: string; message: string; severity?: string }
    // An error without a severity is not the server's: the connection is broken, refused, or came too late.
    if (severity !== undefined && !unavailable.test(code ?? '')) throw error
    throw new StoreUnavailable(message, { cause: error })
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
  // A connection that is lost, idle or at work: whoever waits for it is told, and the pool makes another.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    // Of several processes that start at once, one migrates and the others wait.
    await client.query('BEGIN')
    await client.query('SET LOCAL statement_timeout = 0')
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('tokenkeep migrations'))`)
    await client.query('CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY)')
    const { rows } = await client.query<{ done: number }>('SELECT count(*) AS done FROM migrations')
    for (const [i, migration] of migrations.entries()) {
      if (i < rows[0]!.done) continue
      await client.query(migration(dialect))
      await client.query('INSERT INTO migrations VALUES ($1)', [i + 1])
    }
    await client.query('COMMIT')
  } finally {
    client.release(true)
  }
}

/** Opens a database of PostgreSQL 13 or later, and makes its tables. Any number of processes may share it. */
export async function openPostgres(url: string): Promise<Database> {
  // Two pools: what must not be lost waits for the disk; a refresh heals itself when it is (generation ahead of the row).
  const durable = openPool(url, '', { max: 10 })
  const quick = openPool(url, '-c synchronous_commit=off', { max: 2, pipeline: true })
  await guarded(migrate(durable)).catch(async (error: unknown) => {
    await Promise.all([durable.end(), quick.end()])
    throw error
  })

  let statements = 0
  const named = preparer(
    (n) => `$${n}`,
    (text) => ({ name: `tokenkeep_${statements++}`, text }),
  )
  const all = async <T>(on: pg.Pool | pg.PoolClient, statement: Statement): Promise<T[]> => {
    const { prepared, values } = named(statement)
    return (await on.query({ ...prepared, values })).rows as T[]
  }
  const transaction = async <T>(first: Statement, then: readonly Statement[]): Promise<T[]> => {
    const client = await durable.connect()
    let broken = true
    try {
      await client.query('BEGIN')
      const rows = await all<T>(client, first)
      if (rows.length) for (const statement of then) await all(client, statement)
      await client.query(rows.length ? 'COMMIT' : 'ROLLBACK')
      broken = false
      return rows
    } finally {
      // With its connection goes whatever a failed transaction has left.
      client.release(broken)
    }
  }

  // The refreshes of many connections share their round trips; each commits by itself.
  const fast = gathered(pipelined<Statement, unknown[]>(quick, (client, statement) => all(client, statement)))

  return {
    dialect,
    rows: (statement) => guarded(all(durable, statement)),
    fast: <T>(statement: Statement) => guarded(fast(statement)) as Promise<T[]>,
    together: (first, ...then) => guarded(transaction(first, then)),
    async close() {
      await Promise.all([durable.end(), quick.end()])
    },
  }
}
