import type { SessionStore } from './session-store.ts'

/** The part of a client of the package `redis` that the store uses. A cluster of it fits too. */
export interface NodeRedisClient {
  readonly isOpen: boolean
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** The part of a client of the package `ioredis` that the store uses. A cluster of it fits too. */
export interface IoRedisClient {
  readonly status: string
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>
}

export type RedisClient = NodeRedisClient | IoRedisClient

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

const READ = `${NOW}
local entry = redis.call('HMGET', KEYS[1], 'value', 'fence', 'leased_until')
if not entry[1] then return false end
return { entry[1], tonumber(entry[2]), tonumber(entry[3]) > now and 1 or 0 }`

const WRITE = `${NOW}
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence and fence ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'fence', ARGV[1] + 1, 'leased_until', now + ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`

/**
 * Keeps the sessions of `createServerSessions` in Redis. Each operation is one script on one key, so a cluster works too. All
 * times are the server's. Entries expire by themselves: set `maxmemory-policy` to `noeviction`, so that Redis never
 * forgets one before.
 *
 * Redis copies writes to its replicas later. If a replica takes over, the last writes may be lost, and with them the
 * refreshes that no browser holds yet. PostgreSQL does not lose them.
 *
 * @example
 * ```ts
 * import { createServerSessions, oauth } from '@tokenkeep/ssr'
 * import { redisStore, type RedisClient } from '@tokenkeep/ssr/redis'
 *
 * export const sessionsIn = (client: RedisClient) =>
 *   createServerSessions({
 *     transport: oauth({ issuer: 'https://login.example.com', clientId: 'shop' }),
 *     appId: 'shop',
 *     origin: 'https://shop.example.com',
 *     keys: [process.env.SESSION_KEY!],
 *     store: redisStore(client),
 *   })
 * ```
 */
export function redisStore(client: RedisClient): SessionStore {
  const run = (script: string, key: string, args: string[]): Promise<unknown> => {
    const name = `tokenkeep:ssr:${key}`
    return 'status' in client
      ? client.eval(script, 1, name, ...args)
      : client.eval(script, { keys: [name], arguments: args })
  }
  return {
    async read(key) {
      const entry = (await run(READ, key, [])) as [string, number, number] | null
      return entry ? { value: entry[0], fence: entry[1], isLeased: entry[2] === 1 } : undefined
    },
    write: async (key, fence, { value, lease, lifetime }) =>
      (await run(WRITE, key, [String(fence), value, String(lease), String(lifetime)])) === 1,
  }
}
