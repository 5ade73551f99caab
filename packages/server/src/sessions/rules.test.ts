import { presets } from '@tokenkeep/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { places } from '../../test/stores.ts'
import { app, claimsOf, day, minute, resultOf, worldOfSuite, type SignedIn } from '../../test/world.ts'
import { parseId } from '../store/ids.ts'

const settings = {
  refresh_enabled: true,
  session_timeout_length: app.session_timeout_length,
  refresh_absolute_lifetime: app.refresh_absolute_lifetime,
  refresh_inactivity_lifetime: app.refresh_inactivity_lifetime,
}

describe.each(places)('the rules of the standards on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  beforeEach(() => set(settings))

  const set = async (change: object): Promise<Response> => world.manage('PATCH', '/settings', change)
  const refused = async (answer: Promise<Response>, reason?: string): Promise<void> => {
    const { status, body } = await answer.then(async (each) => ({
      status: each.status,
      body: (await each.json()) as object,
    }))
    expect(status).toBe(401)
    expect(body).toMatchObject({ code: 'invalid_refresh_token', ...(reason && { reason }) })
  }
  const asUser = ({ result }: SignedIn, method: string, path: string): Promise<Response> =>
    world.ask(method, path, undefined, { authorization: `Bearer ${result.auth_token}` })
  const sessionsOf = async (session: SignedIn): Promise<{ id: string; current?: true }[]> => {
    const answer = await asUser(session, 'GET', '/currentuser/sessions')
    return ((await answer.json()) as { sessions: { id: string; current?: true }[] }).sessions
  }

  it('RFC 9700 4.14.2: returns a new refresh token on every refresh', async () => {
    const { result } = await world.signIn()
    const next = await resultOf(world.refresh(result.refresh_token!))
    expect(next.refresh_token).not.toBe(result.refresh_token)
  })

  it('RFC 9700 4.14.2, ASVS 10.4.5: ends the session if a used token is used again after the grace period', async () => {
    const { result } = await world.signIn()
    const one = await resultOf(world.refresh(result.refresh_token!, 'a1'))
    const two = await resultOf(world.refresh(one.refresh_token!, 'a2'))
    world.now += 11_000
    await refused(world.refresh(result.refresh_token!, 'thief'), 'reused')
    await refused(world.refresh(two.refresh_token!, 'a3'), 'reused')
  })

  it('RFC 9700: ends a session exactly at its inactivity deadline', async () => {
    const [kept, left] = [await world.signIn(), await world.signIn()]
    world.now += 7 * day - 1
    await resultOf(world.refresh(kept.result.refresh_token!))
    world.now += 1
    await refused(world.refresh(left.result.refresh_token!), 'inactive')
  })

  it('OAuth 2.0 for Browser-Based Applications 6.3: refuses settings without any limit', async () => {
    expect((await set({ refresh_absolute_lifetime: 0, refresh_inactivity_lifetime: 0 })).status).toBe(400)
    expect((await set({ refresh_absolute_lifetime: 0 })).status).toBe(200)
    expect((await set({ refresh_inactivity_lifetime: 0 })).status).toBe(400)
  })

  it('ASVS 10.4.8: never moves the absolute deadline by a refresh or a higher setting', async () => {
    const { result } = await world.signIn()
    const end = world.now / 1000 + result.absolute_expires_in!
    await set({ refresh_absolute_lifetime: 90 * 86_400, refresh_inactivity_lifetime: 90 * 86_400 })
    let current = result
    for (let days = 0; days < 24; days += 6) {
      world.now += 6 * day
      current = await resultOf(world.refresh(current.refresh_token!))
      expect(world.now / 1000 + current.absolute_expires_in!).toBeCloseTo(end, 3)
      // The higher limit does not apply to the existing session.
      expect(current.inactivity_expires_in).toBe((7 * day) / 1000)
    }
    world.now += 6 * day
    await refused(world.refresh(current.refresh_token!), 'expired')
  })

  it('refuses the refresh token after a sign-out, and only that of this session', async () => {
    const [mine, other] = [await world.signIn('nine'), await world.signIn('nine')]
    await world.ask('DELETE', '/tokens', { refresh_token: mine.result.refresh_token })
    await refused(world.refresh(mine.result.refresh_token!), 'revoked')
    await resultOf(world.refresh(other.result.refresh_token!))
  })

  it('FAPI 2.0: returns the same successor for the same request after a lost response', async () => {
    const { result } = await world.signIn()
    const lost = await resultOf(world.refresh(result.refresh_token!, 'a1'))
    world.now += day
    const again = await resultOf(world.refresh(result.refresh_token!, 'a1'))
    expect(again.refresh_token).toBe(lost.refresh_token)
  })

  it('ASVS 7.4.1, 7.4.2: refuses every token after a user is deactivated, also after they are activated again', async () => {
    const session = await world.signIn()
    await world.manage('PATCH', `/users/${session.userId}/deactivate`)
    for (const revive of [false, true]) {
      if (revive) await world.manage('PATCH', `/users/${session.userId}/activate`)
      await refused(world.refresh(session.result.refresh_token!), 'revoked')
      expect((await asUser(session, 'GET', '/currentuser')).status).toBe(401)
    }
    expect((await world.manage('POST', `/users/${session.userId}/sessions`)).status).toBe(201)
  })

  it('ASVS 7.4.1: refuses an auth token of an ended session before it expires', async () => {
    const session = await world.signIn()
    expect((await asUser(session, 'GET', '/currentuser')).status).toBe(200)
    await world.ask('DELETE', '/tokens', { refresh_token: session.result.refresh_token })
    expect((await asUser(session, 'GET', '/currentuser')).status).toBe(401)
  })

  it('ASVS 7.4.5: lets an admin end the sessions of one user and of all users', async () => {
    const [one, two] = [await world.signIn(), await world.signIn()]
    await world.manage('DELETE', `/users/${one.userId}/tokens`)
    await refused(world.refresh(one.result.refresh_token!), 'revoked')
    const kept = await resultOf(world.refresh(two.result.refresh_token!))
    expect((await world.manage('DELETE', '/sessions')).status).toBe(200)
    await refused(world.refresh(kept.refresh_token!), 'revoked')
    expect((await asUser(two, 'GET', '/currentuser')).status).toBe(401)
    // A later sign-in is not affected.
    const later = await world.signIn()
    await resultOf(world.refresh(later.result.refresh_token!))
  })

  it('ASVS 7.5.2: lets users list their own sessions, end one, and end all others', async () => {
    world.now += minute
    const mine = await world.signIn('person')
    const [second, third] = [await world.signIn('person'), await world.signIn('person')]
    const stranger = await world.signIn('stranger')
    const listed = await sessionsOf(mine)
    expect(listed.map(({ id }) => id).toSorted()).toEqual(
      [mine, second, third].map((each) => each.sessionId).toSorted(),
    )
    expect(listed.filter(({ current }) => current).map(({ id }) => id)).toEqual([mine.sessionId])
    expect((await asUser(mine, 'DELETE', `/currentuser/sessions/${stranger.sessionId}`)).status).toBe(404)
    expect((await asUser(mine, 'DELETE', `/currentuser/sessions/${second.sessionId}`)).status).toBe(200)
    await refused(world.refresh(second.result.refresh_token!), 'revoked')
    expect((await asUser(mine, 'DELETE', '/currentuser/sessions')).status).toBe(400)
    expect((await asUser(mine, 'DELETE', '/currentuser/sessions?others=true')).status).toBe(200)
    await refused(world.refresh(third.result.refresh_token!), 'revoked')
    await resultOf(world.refresh(mine.result.refresh_token!))
    await resultOf(world.refresh(stranger.result.refresh_token!))
  })

  it('ASVS 7.2.3, 7.2.4: opens a session with 128 new random bits at each sign-in', async () => {
    const ids = new Set<string>()
    for (let i = 0; i < 5; i++) ids.add((await world.signIn('nineteen')).sessionId)
    expect(ids.size).toBe(5)
    for (const id of ids) expect(parseId(id)).toHaveLength(16)
  })

  it('NIST SP 800-63B-4: has presets with its limits, and never changes auth_time on a refresh', async () => {
    const lifetimes = Object.fromEntries(
      presets.map(({ id, settings: each }) => [
        id,
        [each.refresh_absolute_lifetime, each.refresh_inactivity_lifetime],
      ]),
    )
    expect(lifetimes).toMatchObject({
      'nist-aal1': [30 * 86_400, 0],
      'nist-aal2': [24 * 3600, 3600],
      'nist-aal3': [12 * 3600, 900],
    })
    for (const preset of presets) expect((await set(preset.settings)).status).toBe(200)
    const { result } = await world.signIn()
    world.now += 10 * minute
    const next = await resultOf(world.refresh(result.refresh_token!))
    expect(claimsOf(next.auth_token).auth_time).toBe(claimsOf(result.auth_token).auth_time)
  })

  it('issues no refresh token while refresh tokens are off, and enables them for later sign-ins only', async () => {
    const created = await world.manage('GET', '/')
    expect(created.status).toBe(200)
    await set({ refresh_enabled: false })
    const before = await world.signIn()
    expect(before.result).not.toHaveProperty('refresh_token')
    expect(before.result).not.toHaveProperty('refresh_token_expiration')
    await set({ refresh_enabled: true })
    const session = (await world.row(before))!
    // The session ends with its only auth token.
    expect(session.absolute_at).toBe(world.now + app.session_timeout_length * 1000)
    expect((await world.signIn()).result).toHaveProperty('refresh_token')
  })

  it('refuses every refresh token of the user, and no other, after revoke-all or deactivation', async () => {
    for (const [method, path] of [
      ['DELETE', 'tokens'],
      ['PATCH', 'deactivate'],
    ] as const) {
      const sessions = [await world.signIn(`all-${path}`), await world.signIn(`all-${path}`)]
      const other = await world.signIn()
      await world.manage(method, `/users/${sessions[0]!.userId}/${path}`)
      for (const { result } of sessions) await refused(world.refresh(result.refresh_token!), 'revoked')
      await resultOf(world.refresh(other.result.refresh_token!))
    }
  })
})
