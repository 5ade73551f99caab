import { describe, expect, it } from 'vitest'
import { places } from '../../test/stores.ts'
import { METRICS_TOKEN, minute, resultOf, worldOfSuite, type SignedIn } from '../../test/world.ts'
import { parseId } from '../store/ids.ts'
import { sql } from '../store/database.ts'

// A thief and the owner of a session, over HTTP. The owner names a retry id with each refresh, as the core does.

describe.each(places)('a thief on $name', async ({ make }) => {
  const world = await worldOfSuite(make)

  const tokenOf = async (answer: Promise<Response>): Promise<string> =>
    (await resultOf(answer)).refresh_token!
  /** Expects a 401 `reused`, one event that tells why, and that the session is over for both. */
  const noticed = async (
    session: SignedIn,
    answer: Promise<Response>,
    data: object,
    other: string,
  ): Promise<void> => {
    const refused = await answer
    expect([refused.status, await refused.json()]).toMatchObject([401, { reason: 'reused' }])
    expect(await eventsOf(session)).toEqual([{ type: 'reuse', data: expect.objectContaining(data) }])
    expect((await world.refresh(other, 'later')).status).toBe(401)
  }
  const eventsOf = async ({ sessionId }: SignedIn) => {
    const listed = await world.manage('GET', `/events?session_id=${sessionId}&limit=10`)
    const { events } = (await listed.json()) as { events: { type: string; data?: object }[] }
    return events
      .filter(({ type }) => type !== 'sign-in')
      .map(({ type, data }) => (data ? { type, data } : { type }))
  }
  const superseded = async (answer: Promise<Response>): Promise<void> => {
    const late = await answer
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'superseded' }])
  }

  it('T02: with a token, the thief is noticed at his first use if the owner was faster', async () => {
    const session = await world.signIn()
    const stolen = session.result.refresh_token!
    const own = await tokenOf(world.refresh(stolen, 'a1'))
    world.now += 9000
    const data = { behind: 1, rotated_by: 'named', brought: 'foreign', age_ms: 9000 }
    await noticed(session, world.refresh(stolen, 'thief'), data, own)
  })

  it('T03: with a token of an owner who is asleep, the thief is noticed at the owner’s first use', async () => {
    const session = await world.signIn()
    const stolen = session.result.refresh_token!
    let token = stolen
    for (let i = 0; i < 12; i++) {
      world.now += 5 * minute
      token = await tokenOf(world.refresh(token, `t${i}`))
    }
    await noticed(session, world.refresh(stolen, 'a1'), { behind: 12 }, token)
  })

  it('T04: in lock-step with the owner, the thief is noticed at once, however soon he follows', async () => {
    for (const ms of [0, 1, 9000, 11_000]) {
      const session = await world.signIn()
      const stolen = session.result.refresh_token!
      const own = await tokenOf(world.refresh(stolen, 'a1'))
      world.now += ms
      await noticed(session, world.refresh(stolen, 'thief'), { brought: 'foreign', age_ms: ms }, own)
    }
  })

  it('T05: with a request, the thief gets the owner’s own successor, and is noticed at the use after that', async () => {
    const session = await world.signIn()
    const stolen = session.result.refresh_token!
    const child = await tokenOf(world.refresh(stolen, 'a1'))
    world.now += minute
    expect(await tokenOf(world.refresh(stolen, 'a1'))).toBe(child)
    const next = await tokenOf(world.refresh(child, 'thief'))
    await noticed(session, world.refresh(child, 'a2'), { brought: 'foreign' }, next)
  })

  it('T06: with an answer that the owner never got, the thief is noticed at the owner’s retry', async () => {
    const session = await world.signIn()
    const token = session.result.refresh_token!
    const stolen = await tokenOf(world.refresh(token, 'a1'))
    const next = await tokenOf(world.refresh(stolen, 'thief'))
    await superseded(world.refresh(token, 'a1'))
    // The owner's store shows that nobody on this device has refreshed: the client reports that it was displaced.
    await world.ask('DELETE', '/tokens', { refresh_token: token, reason: 'displaced' })
    expect(await eventsOf(session)).toEqual([{ type: 'reuse', data: { brought: 'displaced' } }])
    const refused = await world.refresh(next, 'thief-2')
    expect(await refused.json()).toMatchObject({ reason: 'reused' })
  })

  it('T07: a thief who names no retry id is foreign to an owner who names one', async () => {
    const first = await world.signIn()
    const own = await tokenOf(world.refresh(first.result.refresh_token!, 'a1'))
    const data = { rotated_by: 'named', brought: 'none', age_ms: 0 }
    await noticed(first, world.refresh(first.result.refresh_token!), data, own)

    const second = await world.signIn()
    const next = await tokenOf(world.refresh(second.result.refresh_token!))
    const owner = world.refresh(second.result.refresh_token!, 'a1')
    await noticed(second, owner, { rotated_by: 'unnamed', brought: 'foreign' }, next)
  })

  it('T09: a thief who has the whole record and runs two ahead is reported by the owner’s client', async () => {
    const session = await world.signIn()
    const token = session.result.refresh_token!
    const one = await tokenOf(world.refresh(token, 'a1'))
    const two = await tokenOf(world.refresh(one, 'thief'))
    world.now += minute
    await superseded(world.refresh(token, 'a1'))
    expect((await world.row(session))!.ended_at).toBeNull()
    await world.ask('DELETE', '/tokens', { refresh_token: token, reason: 'displaced' })
    // A repeated report is no second event.
    await world.ask('DELETE', '/tokens', { refresh_token: token, reason: 'displaced' })
    expect((await eventsOf(session)).map(({ type }) => type)).toEqual(['reuse'])
    expect((await world.refresh(two, 'x')).status).toBe(401)
  })

  it('T14: the owner whose cookie falls back is served, and a thief of such a cookie is not', async () => {
    const session = await world.signIn()
    const oldest = session.result.refresh_token!
    const one = await tokenOf(world.refresh(oldest, 'a1'))
    await tokenOf(world.refresh(one, 'a2', 'a1'))
    world.now += minute
    const own = await tokenOf(world.refresh(oldest, 'a3', 'a2'))
    expect(await tokenOf(world.refresh(oldest, 'a3', 'a2'))).toBe(own)
    await noticed(session, world.refresh(oldest, 'thief', 'guess'), { behind: 3 }, own)
  })

  it('T20: an old token that a restored database takes for the current one leaves an event at the owner’s next use', async () => {
    const session = await world.signIn()
    const stolen = session.result.refresh_token!
    let token = stolen
    for (let i = 1; i <= 3; i++) token = await tokenOf(world.refresh(token, `a${i}`))
    const backup = (await world.row(session))!
    await world.database.query(sql`
      UPDATE sessions SET generation = 0, attempts = ${'0'.repeat(backup.attempts.length)}
      WHERE user_id = ${parseId(session.userId)!} AND id = ${backup.id}`)
    await tokenOf(world.refresh(stolen, 'thief'))
    await tokenOf(world.refresh(token, 'a4'))
    expect(await eventsOf(session)).toEqual([{ type: 'fast-forward', data: { from: 1, to: 4 } }])
  })

  it('T21, H4: a retry id that the owner has used once gets the thief nothing with a newer token', async () => {
    for (const [id, ahead] of [
      ['a2', 0],
      ['a1', 0],
      ['a2', 1],
    ] as const) {
      const session = await world.signIn()
      const one = await tokenOf(world.refresh(session.result.refresh_token!, 'a1'))
      const stolen = await tokenOf(world.refresh(one, 'a2'))
      const own = ahead ? await tokenOf(world.refresh(stolen, 'a3')) : stolen
      await noticed(session, world.refresh(stolen, id), { behind: ahead, brought: 'known' }, own)
    }
  })

  it('django-oauth-toolkit#1617: a grace period never serves a token two generations back', async () => {
    const session = await world.signIn()
    const first = session.result.refresh_token!
    const second = await tokenOf(world.refresh(first))
    const third = await tokenOf(world.refresh(second))
    await noticed(session, world.refresh(first), { behind: 2, rotated_by: 'unnamed', brought: 'none' }, third)
  })

  it('VilnaCRM/user-service#474: a grace period forks no second chain', async () => {
    const session = await world.signIn()
    const first = session.result.refresh_token!
    const second = await tokenOf(world.refresh(first))
    expect(await tokenOf(world.refresh(first))).toBe(second)
    const third = await tokenOf(world.refresh(second))
    world.now += 11_000
    await noticed(session, world.refresh(second), { behind: 1 }, third)
  })

  it('crosswithfriends#566: a token of a session that was signed out is no theft, and ends no other session', async () => {
    const [session, other] = [await world.signIn('two'), await world.signIn('two')]
    const token = session.result.refresh_token!
    await tokenOf(world.refresh(token, 'a1'))
    await world.ask('DELETE', '/tokens', { refresh_token: token })
    world.now += 11_000
    const refused = await world.refresh(token, 'thief')
    expect(await refused.json()).toMatchObject({ reason: 'revoked' })
    await world.ask('DELETE', '/tokens', { refresh_token: token, reason: 'displaced' })
    expect((await eventsOf(session)).map(({ type }) => type)).toEqual(['sign-out'])
    await tokenOf(world.refresh(other.result.refresh_token!, 'b1'))
  })

  it('reports each alarm to the administrator: in the metrics, without a token or a retry id', async () => {
    const session = await world.signIn()
    await tokenOf(world.refresh(session.result.refresh_token!, 'secret-retry-id'))
    await world.refresh(session.result.refresh_token!, 'secret-thief-id')
    const bearer = { authorization: `Bearer ${METRICS_TOKEN}` }
    const text = await (await world.ask('GET', '//metrics', undefined, bearer)).text()
    for (const type of ['reuse', 'displaced', 'fast-forward'])
      expect(text).toMatch(new RegExp(`tokenkeep_alarms_total\\{app="demo",type="${type}"\\} [1-9]`))
    const events = JSON.stringify(await eventsOf(session))
    expect(events).not.toMatch(/rt1\.|secret/)
  })
})
