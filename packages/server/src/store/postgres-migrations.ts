import type pg from 'pg'
import { createPreparer, type Dialect, type Statement } from './database.ts'
import type { MigrationProgram } from './migration.ts'
import { migrations, tables } from './schema.ts'
import { foreignTable, newerSchema, olderSchema, UnusableStoreError } from './unusable.ts'

const TABLE = 'tokenkeep_migrations'

/** True if the schemas of the search path contain the table. */
const exists = async (client: pg.Client, table: string): Promise<boolean> => {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    table,
  ])
  return rows[0]!.found
}

/** The number of migrations that this database has, or undefined if it has no table of them. */
async function versionOf(client: pg.Client): Promise<number | undefined> {
  if (!(await exists(client, TABLE))) return undefined
  const { rows } = await client.query<{ done: number }>(
    `SELECT coalesce(max(version), 0) AS done FROM ${TABLE}`,
  )
  return rows[0]!.done
}

/**
 * Before version 0.2 the table had the name that many tools use. It is ours if it has one column and stands beside our
 * tables.
 */
async function hasOldTable(client: pg.Client): Promise<boolean> {
  if (!(await exists(client, 'migrations'))) return false
  const { rows } = await client.query<{ columns: string | null }>(`
    SELECT string_agg(attname::text, ',' ORDER BY attnum) AS columns FROM pg_attribute
    WHERE attrelid = to_regclass('migrations') AND attnum > 0 AND NOT attisdropped`)
  if (rows[0]!.columns !== 'version') return false
  for (const table of ['signing_keys', 'revocations', 'leases', 'probe'])
    if (!(await exists(client, table))) return false
  return true
}

async function createTable(client: pg.Client): Promise<number> {
  const inherited = await hasOldTable(client)
  if (!inherited) for (const table of tables) if (await exists(client, table)) throw foreignTable(table)
  await client.query(`CREATE TABLE ${TABLE} (version BIGINT PRIMARY KEY)`)
  if (!inherited) return 0
  await client.query(`INSERT INTO ${TABLE} SELECT version FROM migrations`)
  await client.query('DROP TABLE migrations')
  return (await versionOf(client))!
}

async function runMigration(client: pg.Client, migration: string | MigrationProgram): Promise<void> {
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

/** Brings the tables up to date. If they are, it writes nothing, so a role without the right to create tables is enough. */
export async function migratePostgres(client: pg.Client, dialect: Dialect, create: boolean): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding')
  const { server_encoding: encoding } = rows[0]!
  if (encoding !== 'UTF8')
    throw new UnusableStoreError(
      `the database has the encoding ${encoding}, which cannot hold every name: create it with ENCODING 'UTF8' TEMPLATE template0`,
    )
  const before = await versionOf(client)
  if (before !== undefined && before > migrations.length) throw newerSchema(before, migrations.length)
  if (before === migrations.length) return
  if (!create) throw olderSchema(before ?? 0, migrations.length)

  await client.query('BEGIN')
  // An error ends the connection, which discards the transaction. If several processes start at once, one migrates.
  await client.query('SET LOCAL statement_timeout = 0')
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('tokenkeep migrations'))`)
  const done = (await versionOf(client)) ?? (await createTable(client))
  for (const [i, migration] of migrations.entries()) {
    if (i < done) continue
    await runMigration(client, migration(dialect))
    await client.query(`INSERT INTO ${TABLE} VALUES ($1)`, [i + 1])
  }
  await client.query('COMMIT')
}
