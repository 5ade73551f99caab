import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCluster } from '../../test/cluster.ts'
import { startPgBouncer, type PgBouncer } from '../../test/pgbouncer.ts'
import { startServer } from '../../test/server.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { places, type Place } from '../../test/stores.ts'
import { urlsOfHosts } from './postgres-pool.ts'
import { openStore } from './store.ts'
import { app } from '../../test/world.ts'

let place: Place
beforeEach(async () => {
  place = await places[1]!.make()
})
afterEach(() => place.remove())

describe('behind PgBouncer in transaction mode', () => {
  let pooler: PgBouncer
  beforeEach(async () => {
    pooler = await startPgBouncer(await freePort(), place.url)
  })
  afterEach(() => pooler.stop())

  it('migrates, serves many refreshes at once, and is ready (case F9)', async () => {
    const server = await startServer({}, {}, pooler.url)
    try {
      const sessions = await Promise.all(Array.from({ length: 12 }, () => server.signIn()))
      const tokens = sessions.map(({ result }) => result.refresh_token!)
      for (let round = 0; round < 5; round++)
        await Promise.all(
          tokens.map(async (token, i) => {
            const response = await server.refresh(token)
            expect(response.status).toBe(201)
            const body = (await response.json()) as { auth_result: { refresh_token: string } }
            tokens[i] = body.auth_result.refresh_token
          }),
        )
      expect((await server.ask('GET', '//readyz')).status).toBe(200)
      expect((await server.manage('GET', '/users')).status).toBe(200)
    } finally {
      await server.stop()
    }
  })

  it('shares the pooler with other programs: no setting of ours reaches their transactions (case F9)', async () => {
    const store = await openStore(pooler.url)
    await store.apps.add('demo', app, 'system', 1)
    await Promise.all(Array.from({ length: 8 }, () => store.probe(1)))
    const other = new pg.Client({ connectionString: pooler.url })
    await other.connect()
    for (let i = 0; i < 8; i++) {
      const { rows } = await other.query<{ commit: string; timeout: string }>(
        `SELECT current_setting('synchronous_commit') AS commit, current_setting('statement_timeout') AS timeout`,
      )
      expect(rows).toEqual([{ commit: 'on', timeout: '0' }])
    }
    await other.end()
    await store.close()
  })

  it('says what to do about options in the URL, which PgBouncer refuses (case F9)', async () => {
    await expect(openStore(`${pooler.url}?options=-c%20search_path%3Dpublic`)).rejects.toThrow('ALTER ROLE')
  })
})

describe('a URL', () => {
  it('can name several hosts, of which one is the primary', async () => {
    const folder = new URL(place.url).searchParams.get('host')!
    const name = new URL(place.url).pathname
    const encoded = encodeURIComponent(folder)
    const store = await openStore(`postgres://postgres@127.0.0.1:1,${encoded}${name}`)
    expect(await store.apps.add('demo', app, 'system', 1)).toBe(true)
    await store.close()
  })

  it('is split into one URL per host, and keeps everything else', () => {
    expect(urlsOfHosts('postgres://u:p@a:1,b:2/db?x=1')).toEqual([
      'postgres://u:p@a:1/db?x=1',
      'postgres://u:p@b:2/db?x=1',
    ])
    expect(urlsOfHosts('postgresql:///db?host=/run')).toEqual(['postgresql:///db?host=/run'])
    expect(() => urlsOfHosts('postgres://a:b:c/d')).toThrow('must be postgres://')
  })

  it('can choose a schema, in which the tables are made', async () => {
    const client = new pg.Client({ connectionString: place.url })
    await client.connect()
    await client.query('CREATE SCHEMA tokens; CREATE TABLE public.users (x int)')
    const store = await openStore(`${place.url}&options=-c%20search_path%3Dtokens`)
    await store.close()
    const { rows } = await client.query(
      `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'tokens'`,
    )
    expect(rows[0].n).toBeGreaterThan(10)
    await client.end()
  })
})

it('goes on with the next host when the primary is gone', async () => {
  const [first, second] = [await createCluster(['fsync=off']), await createCluster(['fsync=off'])]
  try {
    const [a, b] = [await first.createDatabase(), await second.createDatabase()]
    const folderOf = (url: string) => encodeURIComponent(new URL(url).searchParams.get('host')!)
    const name = new URL(a).pathname
    await (await openStore(b.replace(/\/\/\/\w+/, `//${name}`))).close()
    const store = await openStore(`postgres://postgres@${folderOf(a)},${folderOf(b)}${name}`)
    await store.apps.add('on-first', app, 'system', 1)
    await first.crash()
    let apps
    while (!apps) apps = await store.apps.list().catch(() => undefined)
    expect(apps).toEqual([])
    await store.close()
  } finally {
    await first.stop()
    await second.stop()
  }
})
