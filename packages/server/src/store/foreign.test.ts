import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { places, type Place } from '../../test/stores.ts'
import { app } from '../../test/world.ts'
import { migrations } from './schema.ts'
import { databaseFile } from './sqlite-file.ts'
import { openStore } from './store.ts'
import { UnusableStoreError } from './unusable.ts'

let place: Place
afterEach(() => place.remove())

const refusal = async (url: string, create = true): Promise<string> => {
  const error: unknown = await openStore(url, { create }).then(
    async (store) => {
      await store.close()
      throw new Error('the store was opened')
    },
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(UnusableStoreError)
  const { message } = error as Error
  expect(message).not.toContain('\n')
  return message
}

describe('a store on SQLite', () => {
  beforeEach(async () => {
    place = await places[0]!.make()
  })
  const change = (sql: string): void => {
    const database = new DatabaseSync(databaseFile(place.url))
    database.exec(sql)
    database.close()
  }

  it('of a newer version is refused, and nothing is written (case F5)', async () => {
    await (await openStore(place.url)).close()
    change(`PRAGMA user_version = ${migrations.length + 1}`)
    const before = readFileSync(databaseFile(place.url))
    expect(await refusal(place.url)).toContain('newer version')
    expect(readFileSync(databaseFile(place.url)).equals(before)).toBe(true)
  })

  it('that belongs to another program is refused, and nothing is written (case F13)', async () => {
    change('CREATE TABLE users (id INTEGER PRIMARY KEY)')
    const before = readFileSync(databaseFile(place.url))
    expect(await refusal(place.url)).toContain('a table users')
    change('DROP TABLE users; CREATE TABLE notes (x); PRAGMA user_version = 1')
    expect(await refusal(place.url)).toContain('not a database of tokenkeep')
    expect(before.length).toBeGreaterThan(0)
  })

  it('is not created by a command that only reads (case F14)', async () => {
    expect(await refusal(`${place.url}/none`, false)).toContain('correct --store')
  })
})

describe('a store on PostgreSQL', () => {
  let client: pg.Client
  beforeEach(async () => {
    place = await places[1]!.make()
    client = new pg.Client({ connectionString: place.url })
    await client.connect()
  })
  afterEach(() => client.end())
  const tables = async (): Promise<unknown> =>
    (
      await client.query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`,
      )
    ).rows

  it('of a newer version is refused, and nothing is written (case F5)', async () => {
    await (await openStore(place.url)).close()
    const version = migrations.length + 1
    await client.query('INSERT INTO tokenkeep_migrations VALUES ($1)', [version])
    expect(await refusal(place.url)).toContain('newer version')
    const { rows } = await client.query('SELECT max(version)::int AS version FROM tokenkeep_migrations')
    expect(rows).toEqual([{ version }])
  })

  it('lives beside a table "migrations" of another tool (case F13)', async () => {
    await client.query(
      'CREATE TABLE migrations (id serial PRIMARY KEY, name text); INSERT INTO migrations (name) VALUES (1), (2), (3)',
    )
    const store = await openStore(place.url)
    expect(await store.apps.list()).toEqual([])
    await store.close()
    expect((await client.query('SELECT name FROM migrations')).rowCount).toBe(3)
  })

  it('that belongs to another program is refused, and nothing is written (case F13)', async () => {
    await client.query('CREATE TABLE users (id serial PRIMARY KEY)')
    const before = await tables()
    expect(await refusal(place.url)).toContain('a table users')
    expect(await tables()).toEqual(before)
  })

  it('goes on with a database of version 0.1, whose table of migrations has the old name (case F13)', async () => {
    const first = await openStore(place.url)
    await first.apps.add('demo', app, 'system', 1)
    await first.close()
    await client.query('ALTER TABLE tokenkeep_migrations RENAME TO migrations')
    const second = await openStore(place.url)
    expect(await second.apps.find('demo')).toBeDefined()
    await second.close()
    const { rows } = await client.query('SELECT version::int FROM tokenkeep_migrations ORDER BY 1')
    expect(rows).toEqual(migrations.map((_, i) => ({ version: i + 1 })))
  })

  it('with an encoding that cannot hold every name is refused, and nothing is written', async () => {
    const name = `latin_${crypto.randomUUID().replaceAll('-', '')}`
    await client.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
    expect(await refusal(place.url.replace(/\/\/\/\w+/, `///${name}`))).toContain('encoding LATIN1')
  })

  it('serves a role that may only read and write rows, and says so if it may not even do that (case F8)', async () => {
    const role = `role_${crypto.randomUUID().replaceAll('-', '')}`
    await client.query(`CREATE ROLE ${role} LOGIN`)
    const url = place.url.replace('user=postgres', `user=${role}`)
    expect(await refusal(url)).toContain('run "tokenkeep migrate" as the owner')
    await (await openStore(place.url)).close()
    expect(await refusal(url)).toContain('grant this role')
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`)
    const store = await openStore(url)
    expect(await store.apps.add('demo', app, 'system', 1)).toBe(true)
    await store.probe(1)
    await store.close()
    await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })
})
