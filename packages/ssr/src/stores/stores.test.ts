import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgresStore, startRedisStore, stores, type StoreUnderTest } from '../../test/stores.ts'

const DAY = 86_400_000
const entry = (value: string, lease = 0) => ({ value, lease, lifetime: DAY })

describe.each(Object.entries(stores))('%s', (_, start) => {
  let place: StoreUnderTest
  let keys = 0
  const newKey = (): string => `key ${++keys}`
  beforeAll(async () => {
    place = await start()
  })
  afterAll(() => place.close())

  it('keeps what was written, with a fence that grows with each write', async () => {
    const { store } = place
    const key = newKey()
    expect(await store.read(key)).toBeFalsy()
    expect(await store.write(key, 0, entry('first'))).toBe(true)
    expect(await store.read(key)).toEqual({ value: 'first', fence: 1, isLeased: false })
    expect(await store.write(key, 1, entry('x'.repeat(20_000)))).toBe(true)
    expect(await store.read(key)).toEqual({ value: 'x'.repeat(20_000), fence: 2, isLeased: false })
  })

  it('refuses a write with another fence, so that one who wakes late overwrites nothing', async () => {
    const { store } = place
    const key = newKey()
    await store.write(key, 0, entry('first'))
    await store.write(key, 1, entry('second'))
    for (const fence of [0, 1, 3]) expect(await store.write(key, fence, entry('late'))).toBe(false)
    expect((await store.read(key))?.value).toBe('second')
  })

  it('lets one of many writes win that come at once', async () => {
    const { store } = place
    const key = newKey()
    for (const fence of [0, 1, 2]) {
      const writes = Array.from({ length: 20 }, (_, at) => store.write(key, fence, entry(`${at}`, 1000)))
      expect((await Promise.all(writes)).filter(Boolean)).toHaveLength(1)
    }
  })

  it('frees a lease by a write, or by time', async () => {
    const { store } = place
    const key = newKey()
    await store.write(key, 0, entry('leased', DAY))
    expect(await store.read(key)).toEqual({ value: 'leased', fence: 1, isLeased: true })
    await store.write(key, 1, entry('free'))
    expect((await store.read(key))?.isLeased).toBe(false)
    await store.write(key, 2, entry('leased', DAY))
    await place.lapse()
    expect(await store.read(key)).toEqual({ value: 'leased', fence: 3, isLeased: false })
  })

  it('forgets an expired entry, and takes a new one under its key', async () => {
    const { store } = place
    const key = newKey()
    await store.write(key, 0, entry('old', DAY))
    await place.expire()
    expect(await store.read(key)).toBeFalsy()
    expect(await store.write(key, 0, entry('new'))).toBe(true)
    expect(await store.read(key)).toEqual({ value: 'new', fence: 1, isLeased: false })
  })

  it('takes an entry that a failover has lost from the instance that still knows it', async () => {
    const { store } = place
    const key = newKey()
    await store.write(key, 0, entry('first'))
    await place.clear()
    expect(await store.write(key, 1, entry('second'))).toBe(true)
    expect(await store.read(key)).toEqual({ value: 'second', fence: 2, isLeased: false })
  })
})

describe('the time of a store', () => {
  it('PostgreSQL: a lease ends by the clock of the database', async () => {
    const { store, pool, close } = await startPostgresStore()
    await store.write('key', 0, entry('leased', 60_000))
    const { rows } = await pool.query(
      'SELECT extract(epoch FROM leased_until - clock_timestamp()) AS seconds FROM tokenkeep_ssr_sessions',
    )
    const seconds = Number(rows[0].seconds)
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    await store.write('key', 1, entry('leased', 1))
    await expect.poll(async () => (await store.read('key'))?.isLeased).toBe(false)
    await close()
  })

  it('PostgreSQL: each new entry removes ten expired ones by the index, so the table does not grow', async () => {
    const { store, pool, close } = await startPostgresStore()
    const count = async (): Promise<number> =>
      Number((await pool.query('SELECT count(*) FROM tokenkeep_ssr_sessions')).rows[0].count)
    for (let at = 0; at < 25; at++) await store.write(`old ${at}`, 0, entry('old'))
    await pool.query('UPDATE tokenkeep_ssr_sessions SET expires_at = clock_timestamp()')
    const counts = []
    for (let at = 0; at < 4; at++) {
      await store.write(`new ${at}`, 0, entry('new'))
      counts.push(await count())
    }
    expect(counts).toEqual([16, 7, 3, 4])
    await pool.query('SET enable_seqscan = off')
    const { rows } = await pool.query(
      'EXPLAIN SELECT key FROM tokenkeep_ssr_sessions WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT 10',
    )
    expect(JSON.stringify(rows)).toContain('tokenkeep_ssr_sessions_expires_at')
    await close()
  })

  it('Redis: an entry expires by itself, and a lease ends by the clock of Redis', async () => {
    const { store, client, close } = await startRedisStore()
    await store.write('key', 0, { value: 'leased', lease: 1, lifetime: 60_000 })
    await expect.poll(async () => (await store.read('key'))?.isLeased).toBe(false)
    const left = await client.pttl('tokenkeep:ssr:key')
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
    await close()
  })
})
