import { pino } from 'pino'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { places } from '../../test/stores.ts'
import { day, masterKey, minute, resultOf, worldOfSuite } from '../../test/world.ts'
import { createHousekeeping, deriveKeys } from '../index.ts'
import { parseId } from '../store/ids.ts'
import { sql } from '../store/database.ts'

describe.each(places)('housekeeping on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const rows = async (): Promise<number> =>
    (await world.database.query<{ n: number }>(sql`SELECT count(*) AS n FROM sessions`))[0]!.n
  /** Inserts sessions of an earlier epoch of the user. */
  const insertOldSessions = async (userId: string, count: number, absoluteAt: number): Promise<void> => {
    const series =
      world.database.dialect.name === 'postgres'
        ? sql`SELECT n FROM generate_series(1, ${count}) AS s(n)`
        : sql`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s`
    const id =
      world.database.dialect.name === 'postgres' ? sql`uuid_send(gen_random_uuid())` : sql`randomblob(16)`
    await world.database.query(sql`
      INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
        absolute_at, inactivity)
      SELECT ${parseId(userId)!}, ${id}, 'demo', 0, 0, 0, 0, '', 0, ${absoluteAt}, ${2 ** 52} FROM (${series}) generated`)
  }
  const housekeeper = (keepEvents = 365 * day) =>
    createHousekeeping({
      store: world.store,
      keys: deriveKeys(masterKey),
      log: pino({ level: 'silent' }),
      now: () => world.now,
      interval: minute,
      keepEvents,
    })

  beforeEach(() => {
    // Let the lease of the previous test expire.
    world.now += 10 * minute
  })

  it('keeps the rows of live sessions, and of ended sessions for a week', async () => {
    const ends: ((userId: string, session: string, token: string) => Promise<unknown>)[] = [
      (_, __, token) => world.ask('DELETE', '/tokens', { refresh_token: token }),
      (user) => world.manage('DELETE', `/users/${user}/tokens`),
      (user) => world.manage('PATCH', `/users/${user}/deactivate`),
      (user) => world.manage('DELETE', `/users/${user}`),
      async () => undefined,
    ]
    for (const end of ends) {
      const { userId, sessionId, result } = await world.signIn()
      await end(userId, sessionId, result.refresh_token!)
    }
    // These are enough rows for several batches and slices.
    const { userId } = await world.signIn()
    await world.manage('DELETE', `/users/${userId}/tokens`)
    await insertOldSessions(userId, 600, 1)
    await insertOldSessions(userId, 2400, 2 ** 52)
    const live = await world.signIn()
    await housekeeper().round()
    // Sessions of an earlier epoch are deleted. Ended and inactive sessions stay, so that a refresh can return the reason.
    expect(await rows()).toBe(3)
    let token = live.result.refresh_token!
    for (let days = 0; days < 16; days += 4) {
      world.now += 4 * day
      token = (await resultOf(world.refresh(token))).refresh_token!
    }
    await housekeeper().round()
    expect(await rows()).toBe(1)
    await resultOf(world.refresh(token))
    world.now += 40 * day
    await housekeeper().round()
    expect(await rows()).toBe(0)
  })

  it('lets requests run between its steps', async () => {
    const { userId } = await world.signIn()
    await world.manage('DELETE', `/users/${userId}/tokens`)
    await insertOldSessions(userId, 1000, 1)
    let turns = 0
    const take = (): NodeJS.Immediate => setImmediate(() => (turns++, (next = take())))
    let next = take()
    await housekeeper().round()
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(10)
  })

  it('deletes old events, and counts live sessions', async () => {
    await world.signIn('counted')
    world.now += 2 * day
    await housekeeper(day).round()
    expect(await world.store.events.list('demo', { limit: 10 })).toEqual([])
    expect(await world.store.users.findByIdentifier('demo', 'counted')).toBeDefined()
    const points = await world.store.statistics.list('demo', world.now - minute, world.now + minute, minute)
    expect(points.at(-1)).toMatchObject({ live_sessions: 1 })
  })

  it('runs in one process, and another process takes over when the first one is gone', async () => {
    world.now += 100 * day
    const [a, b] = [housekeeper(), housekeeper()]
    const did = await Promise.all([a.round(), b.round()])
    expect(did.toSorted()).toEqual([false, true])
    world.now += 10 * day
    expect(await (did[0] ? b : a).round()).toBe(true)
  })

  it('releases its own lease, and no other, when it stops', async () => {
    const [a, b] = [housekeeper(), housekeeper()]
    expect(await a.round()).toBe(true)
    await b.stop()
    expect(await housekeeper().round()).toBe(false)
    await a.stop()
    expect(await housekeeper().round()).toBe(true)
  })

  it('runs its other tasks while one has more to do than a round can', async () => {
    await world.store.statistics.recordLiveSessions('demo', world.now, 7)
    world.now += 400 * day
    const endless = (_: number, rows: number) => Promise.resolve(rows)
    const store = { ...world.store, events: { ...world.store.events, deleteBefore: endless } }
    const keeper = createHousekeeping({
      store,
      keys: deriveKeys(masterKey),
      now: () => world.now,
      interval: 100,
    })
    // On a busy machine, 100 ms are short: each task may need several rounds.
    await vi.waitFor(async () => {
      expect(await keeper.round()).toBe(true)
      expect(await world.store.statistics.list('demo', 0, world.now - 370 * day, minute)).toEqual([])
    }, 60_000)
    await keeper.stop()
  })

  it('runs its other tasks if one fails (case F16)', async () => {
    const { statistics } = world.store
    await statistics.recordLiveSessions('demo', world.now, 7)
    const points = () => statistics.list('demo', world.now - 500 * day, world.now - 370 * day, minute)
    world.now += 400 * day
    expect(await points()).not.toEqual([])
    const failing = () => Promise.reject(new Error('read-only'))
    const store = {
      ...world.store,
      sessions: { ...world.store.sessions, deleteExpired: failing, pruneEnded: failing },
      events: { ...world.store.events, deleteBefore: failing },
    }
    const keeper = createHousekeeping({ store, keys: deriveKeys(masterKey), now: () => world.now })
    // The server writes what it has counted on its own schedule, perhaps after the round.
    await vi.waitFor(async () => {
      expect(await keeper.round()).toBe(true)
      expect(await points()).toEqual([])
    }, 60_000)
  })
})
