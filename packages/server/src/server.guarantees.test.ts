import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findPrograms } from '../test/cluster.ts'
import { places } from '../test/stores.ts'
import { app, baseUrl, masterKey, resultOf, worldOfSuite, type World } from '../test/world.ts'
import { createSessionServer, deriveKeys } from './index.ts'
import { parseId } from './store/ids.ts'
import { sql } from './store/database.ts'

afterEach(() => vi.restoreAllMocks())

/**
 * Stops the clock by which the server keeps an app for a second. A test that counts statements takes longer on a busy machine,
 * and the server would read the app again. Call this before the first request.
 */
const stopClock = (): void => void vi.spyOn(performance, 'now').mockReturnValue(performance.now())

const MANY_SESSIONS = Number(process.env['SOAK_SESSIONS'] ?? 20_000)

describe.each(places)('the guarantees on $name', async ({ name, make }) => {
  const world = await worldOfSuite(make)

  it('RFC 9700 4.14.2: refuses a refresh token with any flipped bit without a SQL statement', async () => {
    stopClock()
    const { result } = await world.signIn()
    const [prefix, payload] = result.refresh_token!.split('.') as [string, string]
    const bytes = Buffer.from(payload, 'base64url')
    const before = world.sent.statements
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes)
      forged[bit >> 3]! ^= 1 << (bit & 7)
      expect((await world.refresh(`${prefix}.${forged.toString('base64url')}`)).status).toBe(401)
    }
    expect(world.sent.statements).toBe(before)
    await resultOf(world.refresh(result.refresh_token!))
  })

  it('RFC 6749 10.4: refuses every string in a copy of the database or in the log as a refresh token', async () => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const { store } = world
    const server = createSessionServer({
      store,
      keys: deriveKeys(masterKey),
      baseUrl,
      log,
      now: () => world.now,
    })
    const { result, userId } = await world.signIn()
    const ask = (path: string, body?: object, headers: Record<string, string> = {}) =>
      server.fetch(
        new Request(`${baseUrl}/v1/apps/demo${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${world.key}`, ...headers },
          ...(body && { body: JSON.stringify(body) }),
        }),
      )
    const next = await resultOf(
      ask('/tokens', { refresh_token: result.refresh_token }, { 'idempotency-key': 'a1' }),
    )
    await ask(`/users/${userId}/sessions`)
    await ask('/tokens', { refresh_token: 'rt1.junk' })
    await ask('/tokens', { refresh_token: result.refresh_token }, { 'idempotency-key': 'thief' })
    const dump = (await dumpOf(world.url)) + lines.join('\n')
    expect(lines.length).toBeGreaterThan(3)
    expect(dump).toContain('user-')
    for (const { refresh_token, auth_token } of [result, next]) {
      expect(dump).not.toContain(refresh_token)
      expect(dump).not.toContain(auth_token)
    }
    expect(dump).not.toContain(world.key)
    expect(dump).not.toContain(masterKey.toString('base64url'))
    for (const candidate of dump.match(/[\w-]{40,}/g) ?? [])
      expect([401, 429]).toContain((await world.refresh(`rt1.${candidate}`)).status)
    expect(dump).not.toMatch(/rt1\.|tk1\./)
  })

  it('keeps one row of the same size for 1,000 refreshes of a session; on PostgreSQL every update is HOT', async () => {
    const session = await world.signIn()
    const user = parseId(session.userId)!
    const widths = async (): Promise<unknown[]> => {
      const size =
        world.database.dialect.name === 'postgres' ? sql`pg_column_size(sessions.*)` : sql`length(attempts)`
      return world.database.query(sql`SELECT ${size} AS size FROM sessions WHERE user_id = ${user}`)
    }
    const before = await widths()
    expect(before).toHaveLength(1)
    let { result } = session
    /** How many updates of each thousand were not HOT. */
    const others: number[] = []
    let seen = { all: 0, hot: 0 }
    // While another snapshot is open, such as that of autovacuum, PostgreSQL keeps old rows, and the page may have no room for
    // a new one. An update of an indexed column would never be HOT.
    while (others.length < 3 && !others.includes(0)) {
      for (let i = 0; i < 1000; i++)
        result = await resultOf(world.refresh(result.refresh_token!, `a${others.length}-${i}`))
      expect(await widths()).toEqual(before)
      if (name !== 'PostgreSQL') return
      const now = await statistics(world, seen.all + 1000)
      others.push(now.all - seen.all - (now.hot - seen.hot))
      seen = now
    }
    expect(others).toContain(0)
  })

  it(`ASVS 7.4.3: revoke-all of a user with ${MANY_SESSIONS} sessions writes one row of users and no row of sessions`, async () => {
    stopClock()
    const session = await world.signIn()
    const user = parseId(session.userId)!
    const series =
      name === 'PostgreSQL'
        ? sql`SELECT n FROM generate_series(1, ${MANY_SESSIONS}) AS s(n)`
        : sql`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${MANY_SESSIONS}) SELECT n FROM s`
    const id =
      name === 'PostgreSQL' ? sql`decode(lpad(to_hex(n), 32, '0'), 'hex')` : sql`unhex(printf('%032x', n))`
    await world.database.query(sql`
      INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
        absolute_at, inactivity)
      SELECT ${user}, ${id}, 'demo', 0, 0, ${world.now}, ${world.now}, '', ${world.now}, ${world.now + 1e9}, 1000000000
      FROM (${series}) generated`)
    const rows = async () =>
      world.database.query<object>(
        sql`SELECT id, user_epoch, ended_at FROM sessions WHERE user_id = ${user} ORDER BY id`,
      )
    const before = await rows()
    const epoch = (await world.store.users.find('demo', user))!.epoch
    const sent = world.sent.statements
    expect((await world.manage('DELETE', `/users/${session.userId}/tokens`)).status).toBe(200)
    // One statement each for the API key, the user, the epoch, the event, the feed and the last use of the key. The app's
    // settings are read again if the last read is a second old.
    expect(world.sent.statements - sent).toBeLessThanOrEqual(7)
    expect(await rows()).toEqual(before)
    expect(before).toHaveLength(MANY_SESSIONS + 1)
    expect((await world.store.users.find('demo', user))!.epoch).toBe(epoch + 1)
    expect(await world.store.sessions.list('demo', user, world.now)).toEqual([])
    expect((await world.refresh(session.result.refresh_token!)).status).toBe(401)
  })

  it('finds any page of many users and counts all of them', async () => {
    const many = 3000
    const series =
      name === 'PostgreSQL'
        ? sql`SELECT n FROM generate_series(1, ${many}) AS s(n)`
        : sql`WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${many}) SELECT n FROM s`
    const id =
      name === 'PostgreSQL'
        ? sql`decode(lpad(to_hex(n), 32, '0'), 'hex')`
        : sql`unhex(printf('aaaaaaaa%024x', n))`
    await world.store.apps.add('large', app, 'system', world.now)
    await world.database.query(sql`
      INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at)
      SELECT ${id}, 'large', 'person ' || n, 'person ' || n, 'active', CAST(n AS BIGINT) + ${world.now}, ${world.now} FROM (${series}) generated`)
    const last = await world.store.users.list('large', {}, 'created_at:desc', 100, many - 100)
    expect([last.users.at(-1)!.identifier, last.users.length, last.total]).toEqual(['person 1', 100, many])
    const found = await world.store.users.list('large', { search: 'ON 29' }, 'identifier:asc', 10, 0)
    expect(found.total).toBe(111)
  })
})

/** The number of updates of sessions, and how many of them were HOT. Waits until PostgreSQL has reported at least `least`. */
async function statistics({ database }: World, least: number): Promise<{ all: number; hot: number }> {
  if (database.dialect.name !== 'postgres') return { all: 0, hot: 0 }
  // Each connection reports its updates with a delay.
  for (;;) {
    await database.query(sql`SELECT pg_stat_clear_snapshot()`)
    const [row] = await database.query<{ all: number; hot: number }>(sql`
      SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'sessions'`)
    if (row!.all >= least) return row!
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The whole content of a database, as a thief of the database reads it. */
async function dumpOf(url: string): Promise<string> {
  if (!url.startsWith('postgres')) {
    const files = readdirSync(url).map((file) => readFileSync(join(url, file)))
    return Buffer.concat(files).toString('latin1')
  }
  const { stdout } = await promisify(execFile)(
    join(await findPrograms(), 'pg_dump'),
    ['--inserts', '-d', url],
    {
      maxBuffer: 1 << 28,
    },
  )
  return stdout
}
