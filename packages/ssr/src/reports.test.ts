import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { startRedis } from '../test/redis.ts'
import { startPostgresStore, startRedisStore, stores, type StoreUnderTest } from '../test/stores.ts'
import { copyOf, createStrictWorld, LIFETIME, tokenOf } from '../test/strict-world.ts'
import { createDatabaseAt } from '../../server/test/cluster.ts'
import type { SessionEvent } from './events.ts'
import { oauth } from './index.ts'
import { postgresStore } from './stores/postgres.ts'
import { redisStore } from './stores/redis.ts'
import type { SessionStore } from './stores/session-store.ts'

// What other libraries with a shared store, or with a lock for refreshes, report: docs/server-rendering.md links to each.

let world: ReturnType<typeof createStrictWorld>
beforeEach(() => {
  world = createStrictWorld()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a lock that ends too early', () => {
  let place: StoreUnderTest
  beforeAll(async () => {
    place = await stores['a store in memory']!()
  })
  afterAll(() => place.close())

  /** Lets the clock of the process jump. */
  const jump = (seconds: number): void => {
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1000)
  }

  it('oauth2-proxy#3456: a slow discovery uses up the lease, so the refresh is sent with a new one', async () => {
    const issuer = 'https://auth.example'
    const metadata = { issuer, token_endpoint: `${issuer}/token`, revocation_endpoint: `${issuer}/revoke` }
    const app = world.instance({
      store: place.store,
      transport: oauth({ issuer, clientId: 'shop' }),
      async fetch(url, init) {
        if (!url.includes('.well-known')) return world.server.fetch(url, init)
        jump(11)
        return Response.json(metadata)
      },
    })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    expect(await app.token(browser)).toBe('access 0 1')
    expect([family.requests, family.isAlive]).toEqual([1, true])
    vi.restoreAllMocks()
  })

  it('oauth2-proxy#3456: an instance whose lease is used up each time sends nothing, and ends the wait', async () => {
    const write: SessionStore['write'] = async (...entry) => {
      const isWritten = await place.store.write(...entry)
      jump(11)
      return isWritten
    }
    const app = world.instance({ store: { ...place.store, write } })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    expect(await app.token(browser)).toBe('unreachable')
    expect([family.requests, family.isAlive]).toEqual([0, true])
    vi.restoreAllMocks()
  })

  it('onyx#13146: an instance that waits gives up later than a slow refresh ends', async () => {
    let open = (): void => undefined
    const opened = new Promise<void>((resolve) => (open = resolve))
    let send = (): void => undefined
    const sent = new Promise<void>((resolve) => (send = resolve))
    const slow = world.instance({
      store: place.store,
      async fetch(url, init) {
        send()
        await opened
        return world.server.fetch(url, init)
      },
    })
    const { browser, family } = await slow.signIn()
    world.pass(LIFETIME)
    const first = slow.token(copyOf(browser))
    await sent
    let reads = 0
    const read: SessionStore['read'] = (key) => {
      if (++reads === 2) jump(5)
      if (reads === 4) open()
      return place.store.read(key)
    }
    const waiting = world.instance({ store: { ...place.store, read } }).token(copyOf(browser))
    expect(await Promise.all([first, waiting])).toEqual(['access 0 1', 'access 0 1'])
    expect(family.requests).toBe(1)
  })
})

describe('a store that can be read but not written', () => {
  it('aspnet-redis-providers#130: a Redis that became a replica signs nobody out', async () => {
    const { store, client, close } = await startRedisStore()
    const app = world.instance({ store })
    const { browser, family } = await app.signIn()
    await client.replicaof('127.0.0.1', 1)
    world.pass(LIFETIME)
    expect(await app.token(browser)).toBe('unreachable')
    expect(family.requests).toBe(0)
    await client.replicaof('NO', 'ONE')
    world.pass(LIFETIME)
    expect(await app.token(browser)).toBe('access 0 1')
    expect(family.requests).toBe(1)
    await close()
  })

  it('PostgreSQL: a standby signs nobody out', async () => {
    const { store, pool, close } = await startPostgresStore()
    const { browser, family } = await world.instance({ store }).signIn()
    world.pass(LIFETIME)
    const { options } = pool as unknown as { options: pg.PoolConfig }
    const standby = new pg.Pool({ ...options, options: '-c default_transaction_read_only=on' })
    expect(await world.instance({ store: postgresStore(standby) }).token(browser)).toBe('unreachable')
    expect(family.requests).toBe(0)
    expect(await world.instance({ store }).token(browser)).toBe('access 0 1')
    await standby.end()
    await close()
  })
})

describe('a store that is away', () => {
  it.each(['redis', 'ioredis'] as const)(
    'sessionstore#49: refreshes go on after Redis has started again, by the package %s',
    async (name) => {
      const server = await startRedis()
      const node = createClient({ socket: { path: server.path, tls: false } })
      const io = new Redis({ path: server.path })
      for (const client of [node, io]) client.on('error', () => undefined)
      await node.connect()
      const app = world.instance({ store: redisStore(name === 'redis' ? node : io) })
      const { browser, family } = await app.signIn()
      await server.crash()
      world.pass(LIFETIME)
      expect(await app.token(browser)).toBe('unreachable')
      await server.start()
      await expect
        .poll(async () => {
          world.pass(LIFETIME)
          return app.token(browser)
        })
        .toMatch(/^access/)
      expect(family.isAlive).toBe(true)
      node.destroy()
      io.disconnect()
      await server.stop()
    },
  )

  it('connect-redis#373: a client that was never connected does not hold the page', async () => {
    const client = createClient({ socket: { path: '/nowhere', tls: false } })
    const app = world.instance({ store: redisStore(client) })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    expect(await app.token(browser)).toBe('unreachable')
    expect(family.isAlive).toBe(true)
  })

  it('a table that is missing is told by its code, and signs nobody out', async () => {
    const pool = new pg.Pool({ connectionString: await createDatabaseAt(inject('postgres')) })
    const events: SessionEvent[] = []
    const app = world.instance({ store: postgresStore(pool), onEvent: (event) => events.push(event) })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    expect(await app.token(browser)).toBe('unreachable')
    expect(events[0]).toMatchObject({ type: 'store-failed', cause: { code: '42P01' } })
    expect(family.requests).toBe(0)
    await pool.end()
  })
})

describe('entries that expire', () => {
  it('fxa-auth-db-mysql#294: an expired entry that is locked holds no other up', async () => {
    const { store, pool, close } = await startPostgresStore()
    const entry = { value: 'old', lease: 0, lifetime: 60_000 }
    for (const key of ['locked', 'free']) await store.write(key, 0, entry)
    await pool.query('UPDATE tokenkeep_ssr_sessions SET expires_at = clock_timestamp()')
    const other = await pool.connect()
    await other.query(`BEGIN; SELECT FROM tokenkeep_ssr_sessions WHERE key = 'locked' FOR UPDATE`)
    expect(await store.write('new', 0, entry)).toBe(true)
    const { rows } = await pool.query('SELECT key FROM tokenkeep_ssr_sessions ORDER BY key')
    expect(rows).toEqual([{ key: 'locked' }, { key: 'new' }])
    await other.query('ROLLBACK')
    other.release()
    await close()
  })
})

describe('a refresh that ends after a sign-out', () => {
  it('nextjs-auth0#2590: a sign-out between the last look and the write is not undone', async () => {
    const place = await stores['a store in memory']!()
    const signOut = world.instance({ store: place.store })
    let writes = 0
    const app = world.instance({
      store: {
        ...place.store,
        async write(...write) {
          if (++writes === 2) await signOut.signOut(browser)
          return place.store.write(...write)
        },
      },
    })
    const { browser, family } = await app.signIn()
    world.pass(LIFETIME)
    const { result } = await app.serve(copyOf(browser), tokenOf)
    expect([result, family.isAlive]).toEqual(['sign-in-required', false])
  })
})
