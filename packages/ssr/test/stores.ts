import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import pg from 'pg'
import { inject } from 'vitest'
import { createDatabaseAt } from '../../server/test/cluster.ts'
import type { SessionStore, StoredEntry } from '../src/stores/session-store.ts'
import { postgresSchema, postgresStore } from '../src/stores/postgres.ts'
import { redisStore } from '../src/stores/redis.ts'
import { startRedis, type RedisServer } from './redis.ts'

/** A store in a database of its own, whose time tests can let pass. */
export interface StoreUnderTest {
  readonly store: SessionStore
  /** Ends all leases, as time does. */
  lapse(): Promise<unknown>
  /** Makes all entries expire, as time does. */
  expire(): Promise<unknown>
  /** Removes all entries, as a failover that lost them does. */
  clear(): Promise<unknown>
  /** Everything that the store holds, as text. */
  dump(): Promise<string>
  close(): Promise<void>
}

/** A store in memory: it does what the others must do. */
async function memory(): Promise<StoreUnderTest> {
  const entries = new Map<string, StoredEntry>()
  return {
    store: {
      read: async (key) => entries.get(key),
      async write(key, fence, { value, lease }) {
        if ((entries.get(key)?.fence ?? fence) !== fence) return false
        entries.set(key, { value, fence: fence + 1, isLeased: lease > 0 })
        return true
      },
    },
    async lapse() {
      for (const [key, entry] of entries) entries.set(key, { ...entry, isLeased: false })
    },
    expire: async () => entries.clear(),
    clear: async () => entries.clear(),
    dump: async () => JSON.stringify([...entries]),
    close: async () => undefined,
  }
}

async function postgres(): Promise<StoreUnderTest & { readonly pool: pg.Pool }> {
  const pool = new pg.Pool({ connectionString: await createDatabaseAt(inject('postgres')) })
  await pool.query(postgresSchema)
  const table = 'tokenkeep_ssr_sessions'
  return {
    pool,
    store: postgresStore(pool),
    lapse: () => pool.query(`UPDATE ${table} SET leased_until = clock_timestamp()`),
    expire: () => pool.query(`UPDATE ${table} SET expires_at = clock_timestamp()`),
    clear: () => pool.query(`DELETE FROM ${table}`),
    dump: async () => JSON.stringify((await pool.query(`SELECT * FROM ${table}`)).rows),
    close: () => pool.end(),
  }
}

async function redis(
  kind: 'redis' | 'ioredis',
): Promise<StoreUnderTest & { readonly client: Redis; readonly server: RedisServer }> {
  const server = await startRedis()
  const client = new Redis({ path: server.path })
  const nodeRedis = createClient({ socket: { path: server.path, tls: false } })
  await nodeRedis.connect()
  const all = async <T>(work: (key: string) => Promise<T>): Promise<T[]> =>
    Promise.all((await client.keys('*')).map(work))
  return {
    client,
    server,
    store: redisStore(kind === 'ioredis' ? client : nodeRedis),
    lapse: () => all((key) => client.hset(key, 'leased_until', 0)),
    expire: () => all((key) => client.pexpire(key, 0)),
    clear: () => client.flushall(),
    dump: async () => JSON.stringify(await all(async (key) => [key, await client.hgetall(key)])),
    async close() {
      client.disconnect()
      nodeRedis.destroy()
      await server.stop()
    },
  }
}

export const startPostgresStore = postgres
export const startRedisStore = (): ReturnType<typeof redis> => redis('redis')

export const stores: Readonly<Record<string, () => Promise<StoreUnderTest>>> = {
  'a store in memory': memory,
  PostgreSQL: postgres,
  'Redis, by the package redis': startRedisStore,
  'Redis, by the package ioredis': () => redis('ioredis'),
}
