import type { Event, ManagedApp, Revocation, SessionOfUser, User } from '@tokenkeep/protocol'
import { event, managedApp, point, revocations, sessionOfUser, user as userSchema } from '@tokenkeep/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { places } from '../../../test/stores.ts'
import {
  claimsOf,
  createWorld,
  day,
  masterKey,
  minute,
  resultOf,
  worldOfSuite,
  type World,
} from '../../../test/world.ts'
import { CONSOLE_APP_ID, prepareConsole } from '../../operations/console-app.ts'
import { createApiKey } from '../../index.ts'
import { newId } from '../../store/ids.ts'
import { startSignUp } from '../../sessions/sign-up.ts'
import { deriveKeys } from '../../tokens/derived-keys.ts'

describe.each(places)('the management API on $name', async ({ make }) => {
  const world = await worldOfSuite(make)

  const get = async <T>(path: string, status = 200): Promise<T> => {
    const answer = await world.manage('GET', path)
    expect(answer.status).toBe(status)
    return (await answer.json()) as T
  }

  describe('users', () => {
    interface Page {
      readonly users: User[]
      readonly total_users: number
      readonly _links: Record<string, { href: string }>
    }

    it('are created, changed, found, and deleted with their sessions', async () => {
      const made = await world.manage('POST', '/users', {
        email: 'ada@example.com',
        user_metadata: { plan: 'pro' },
      })
      expect(made.status).toBe(201)
      const { user } = (await made.json()) as { user: User }
      expect(userSchema.parse(user)).toMatchObject({
        identifier: 'ada@example.com',
        email: 'ada@example.com',
        status: 'active',
        user_metadata: { plan: 'pro' },
        webauthn: false,
        login_count: 0,
      })
      const again = await world.manage('POST', '/users', { identifier: 'ada@example.com' })
      expect(again.status).toBe(409)
      await world.manage('POST', '/users', { identifier: 'grace' })
      const taken = await world.manage('PATCH', `/users/${user.id}`, { identifier: 'grace' })
      expect(taken.status).toBe(409)
      const changed = await world.manage('PATCH', `/users/${user.id}`, {
        identifier: 'ada',
        user_metadata: {},
      })
      expect((await changed.json()) as object).toMatchObject({
        user: { identifier: 'ada', user_metadata: {} },
      })
      expect((await get<Page>('/users?search=AD')).users.map(({ identifier }) => identifier)).toEqual(['ada'])

      const result = await resultOf(world.manage('POST', `/users/${user.id}/sessions`))
      expect((await world.manage('DELETE', `/users/${user.id}`)).status).toBe(200)
      expect((await world.refresh(result.refresh_token!)).status).toBe(401)
      await get(`/users/${user.id}`, 404)
      expect((await world.manage('DELETE', `/users/${user.id}`)).status).toBe(404)
    })

    it('keep both of two changes that arrive at once, of the identifier and of the metadata (case F6)', async () => {
      for (let round = 0; round < 20; round++) {
        const made = await world.manage('POST', '/users', { identifier: `before-${round}` })
        const { user } = (await made.json()) as { user: User }
        const patch = (change: object) => world.manage('PATCH', `/users/${user.id}`, change)
        const user_metadata = { round }
        await Promise.all([patch({ identifier: `after-${round}` }), patch({ user_metadata })])
        const found = await get<{ user: User }>(`/users/${user.id}`)
        expect(found.user).toMatchObject({ identifier: `after-${round}`, user_metadata })
      }
    })

    it('have pages with links that do not shift while people sign up', async () => {
      for (let i = 0; i < 5; i++) await world.manage('POST', '/users', { identifier: `page-${i}` })
      const first = await get<Page>('/users?search=page-&limit=2&order_by=created_at:desc')
      world.now += minute
      await world.manage('POST', '/users', { identifier: 'page-new' })
      const seen = [...first.users]
      for (let { next } = first._links; next!.href;) {
        const page = await get<Page>(next!.href.replace('/v1/apps/demo', ''))
        seen.push(...page.users)
        next = page._links['next']
      }
      expect(seen.map(({ identifier }) => identifier).toSorted()).toEqual(
        [0, 1, 2, 3, 4].map((i) => `page-${i}`),
      )
      expect(first.total_users).toBe(5)
    })

    it.each(['page=0', 'limit=501', 'order_by=password', 'status=asleep'])(
      'are not listed with the invalid query %s',
      (query) => get(`/users?${query}`, 400),
    )
  })

  it.each<[string, string, object?]>([
    ['POST', '/users', { identifier: 'a\0b' }],
    ['POST', '/api-keys', { name: 'a\0b' }],
    ['PATCH', '/settings', { name: 'a\0b' }],
    ['GET', '/users?identifier=%00'],
    ['GET', '/users?search=a%00'],
    ['GET', '//v1/apps/%00/users'],
  ])('%s %s %j is refused because of the character U+0000', async (method, path, body) => {
    const answer = await world.manage(method, path, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'invalid_request' })
  })

  it('lists the sessions of a user with their deadlines, and ends one or all except one', async () => {
    const user = `sessions-${newId().toString('hex')}`
    const [a, b, c] = [await world.signIn(user), await world.signIn(user), await world.signIn(user)]
    const list = async (): Promise<SessionOfUser[]> =>
      (await get<{ sessions: SessionOfUser[] }>(`/users/${a.userId}/sessions`)).sessions
    const [session] = (await list()).filter(({ id }) => id === a.sessionId)
    expect(sessionOfUser.parse(session)).toEqual(session)
    expect(session).toMatchObject({
      created_at: Math.floor(world.now / 1000),
      absolute_expiration: Math.floor(world.now / 1000 + a.result.absolute_expires_in!),
      inactivity_expiration: Math.floor(world.now / 1000 + a.result.inactivity_expires_in!),
    })
    const path = `/users/${a.userId}`
    expect((await world.manage('DELETE', `${path}/sessions/${a.sessionId}`)).status).toBe(200)
    expect((await world.manage('DELETE', `${path}/sessions/${a.sessionId}`)).status).toBe(404)
    expect((await world.manage('DELETE', `${path}/tokens?except=${b.sessionId}`)).status).toBe(200)
    expect((await list()).map(({ id }) => id)).toEqual([b.sessionId])
    expect((await world.refresh(c.result.refresh_token!)).status).toBe(401)
    const kept = await resultOf(world.refresh(b.result.refresh_token!))
    expect(claimsOf(kept.auth_token)['epoch']).toBe(1)
    expect((await world.manage('DELETE', `${path}/tokens?except=${c.sessionId}`)).status).toBe(404)
  })

  it('changes only the named settings, by version, and records the change in an event', async () => {
    const { app } = await get<{ app: ManagedApp }>('/settings')
    expect(managedApp.parse(app)).toMatchObject({ id: 'demo', alg: 'EdDSA' })
    const patch = (change: object, version: number) =>
      world.ask('PATCH', '/settings', change, {
        authorization: `Bearer ${world.key}`,
        'if-match': `"${version}"`,
      })
    const change = {
      name: 'Renamed',
      additional_auth_origins: ['https://two.example'],
      session_timeout_length: 60,
    }
    const changed = await patch(change, app.version)
    expect(((await changed.json()) as { app: ManagedApp }).app).toMatchObject({
      ...change,
      version: app.version + 1,
    })
    expect((await patch({ name: 'Lost' }, app.version)).status).toBe(409)
    for (const wrong of [
      { auth_origin: 'https://app.example/path' },
      { session_timeout_length: 601 },
      { name: '' },
    ])
      expect((await patch(wrong, app.version + 1)).status).toBe(400)
    const { events } = await get<{ events: Event[] }>('/events?type=settings&limit=1')
    expect(event.parse(events[0]).data).toEqual({
      before: { name: 'Demo', additional_auth_origins: [], session_timeout_length: 300 },
      after: change,
      version: app.version + 1,
    })
    expect(events[0]!.actor).toMatch(/^api-key:/)
    // The next request uses the new settings.
    const preflight = await world.ask('OPTIONS', '/tokens', undefined, {
      origin: 'https://two.example',
      'access-control-request-method': 'POST',
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://two.example')
    await patch({ session_timeout_length: 300 }, app.version + 1)
  })

  it('shows the secret of an API key once, and refuses a deleted key', async () => {
    const made = await world.manage('POST', '/api-keys', { name: 'ci' })
    const { api_key, secret } = (await made.json()) as {
      api_key: { id: string; hint: string }
      secret: string
    }
    expect(made.status).toBe(201)
    expect(secret.endsWith(api_key.hint)).toBe(true)
    const use = () => world.ask('GET', '/users', undefined, { authorization: `Bearer ${secret}` })
    expect((await use()).status).toBe(200)
    const listed = await get<{ api_keys: object[] }>('/api-keys')
    expect(JSON.stringify(listed)).not.toContain(secret)
    expect(listed.api_keys).toContainEqual({
      ...api_key,
      last_used_at: Math.floor(world.now / 1000),
    })
    expect((await world.manage('DELETE', `/api-keys/${api_key.id}`)).status).toBe(200)
    expect((await use()).status).toBe(401)
  })

  it('refuses a wrong API key on paths that pages can read without one', async () => {
    const headers = { authorization: `Bearer tk1.${'A'.repeat(43)}` }
    for (const path of ['/', '/users', '/users?identifier=ada@example.com']) {
      const answer = await world.ask('GET', path, undefined, headers)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ code: 'invalid_access_token' })
    }
  })

  it('filters events by type and user, and pages through them', async () => {
    const { userId, sessionId } = await world.signIn()
    await world.manage('DELETE', `/users/${userId}/sessions/${sessionId}`)
    await world.manage('DELETE', `/users/${userId}/tokens`)
    const all = await get<{ events: Event[] }>(`/events?user_id=${userId}`)
    expect(all.events.map(({ type }) => type)).toEqual([
      'revoke-all',
      'session-ended',
      'sign-in',
      'user-created',
    ])
    for (const each of all.events) expect(event.parse(each)).toEqual(each)
    const some = await get<{ events: Event[] }>(`/events?user_id=${userId}&type=sign-in&type=revoke-all`)
    expect(some.events.map(({ type }) => type)).toEqual(['revoke-all', 'sign-in'])
    const page = await get<{ events: Event[]; next_cursor: string }>(`/events?user_id=${userId}&limit=3`)
    const rest = await get<{ events: Event[] }>(
      `/events?user_id=${userId}&limit=3&cursor=${page.next_cursor}`,
    )
    expect([...page.events, ...rest.events]).toEqual(all.events)
    expect(rest).not.toHaveProperty('next_cursor')
    expect((await get<{ events: Event[] }>(`/events?session_id=${sessionId}`)).events).toHaveLength(2)
    for (const wrong of ['type=nothing', 'user_id=x', 'limit=0']) await get(`/events?${wrong}`, 400)
  })

  it('returns statistics by minute', async () => {
    await get('/statistics')
    world.now += 10 * minute
    const { result } = await world.signIn()
    const next = await resultOf(world.refresh(result.refresh_token!, 'a'))
    await resultOf(world.refresh(result.refresh_token!, 'a'))
    await world.refresh('rt1.junk')
    await world.ask('DELETE', '/tokens', { refresh_token: next.refresh_token })
    const from = Math.floor(world.now / 1000) - 60
    const { points } = await get<{ points: object[] }>(`/statistics?from=${from}&step=3600`)
    expect(points).toMatchObject([
      { sign_ins: 1, refreshes: 1, replays: 1, refusals: 1, reuses: 0, sign_outs: 1 },
    ])
    expect(point.parse(points[0])).toEqual(points[0])
    await get('/statistics?step=61', 400)
  })

  describe('the revocation feed', () => {
    const page = async (since?: string) =>
      revocations.parse(await get(`/revocations${since === undefined ? '' : `?since=${since}`}`))
    const what = (entries: readonly Revocation[]) =>
      entries.map((entry) => ({ ...entry, id: undefined, at: undefined, expires_at: undefined }))
    /** An id begins with a position, which depends on the transactions that are under way, and ends with the number of the row. */
    const rowOf = ({ id }: Revocation) => id.split('.')[1]
    /** What a page tells for the first time. PostgreSQL may tell an entry twice, if any transaction of its cluster is under way. */
    const news = (
      page: { revocations: readonly Revocation[] },
      told: { revocations: readonly Revocation[] },
    ) => page.revocations.filter((entry) => !told.revocations.some((other) => rowOf(other) === rowOf(entry)))
    let replica: World
    beforeEach(async () => {
      world.now += 11 * minute
      replica = await createWorld(world.url)
      replica.now = world.now
    })
    afterEach(() => replica.close())

    it('lists every revocation, oldest first', async () => {
      const start = await page()
      expect(start).toMatchObject({ revocations: [], window: 600 })
      const [a, b, c] = [await world.signIn('feed'), await world.signIn('feed'), await world.signIn('feed')]
      const { userId } = a
      await world.ask('DELETE', '/tokens', { refresh_token: a.result.refresh_token })
      await world.manage('DELETE', `/users/${userId}/tokens?except=${b.sessionId}`)
      const middle = await page(start.cursor)
      await world.manage('DELETE', `/users/${userId}/tokens`)
      await world.manage('PATCH', `/users/${userId}/deactivate`)
      await world.manage('DELETE', '/sessions')
      await world.manage('DELETE', `/users/${userId}`)
      expect(what(middle.revocations)).toEqual([
        { type: 'session', session_id: a.sessionId, user_id: userId },
        { type: 'user', user_id: userId, epoch: 1, except: b.sessionId },
      ])
      const rest = await page(middle.cursor)
      const not_before = Math.floor(world.now / 1000) + 1
      expect(what(news(rest, middle))).toEqual([
        { type: 'user', user_id: userId, epoch: 2 },
        { type: 'user', user_id: userId, epoch: 3 },
        { type: 'app', not_before },
        { type: 'user', user_id: userId, epoch: 2 ** 31 - 1 },
      ])
      expect(claimsOf(c.result.auth_token).auth_time).toBeLessThan(not_before)
      expect(
        news(await page(rest.cursor), { revocations: [...middle.revocations, ...rest.revocations] }),
      ).toEqual([])
      // The id of any entry is a cursor.
      const resumed = await page(middle.revocations[1]!.id)
      expect(what(resumed.revocations).slice(-4)).toEqual(what(news(rest, middle)))
      // A cursor from another database returns the whole window.
      expect((await page('99999999999999')).revocations).toHaveLength(6)
      await get('/revocations?since=yesterday', 400)
      world.now += 11 * minute
      // Some auth token of the app may live for a day.
      expect((await page()).revocations).toMatchObject([{ type: 'app', not_before }])
      world.now += day
      expect((await page()).revocations).toEqual([])
    })

    it('streams earlier revocations and those of another replica, and resumes after an interruption', async () => {
      const stream = async (headers: Record<string, string> = {}) => {
        const stopping = new AbortController()
        const answer = await world.server.fetch(
          new Request('https://auth.example/v1/apps/demo/revocations', {
            headers: { authorization: `Bearer ${world.key}`, accept: 'text/event-stream', ...headers },
            signal: stopping.signal,
          }),
        )
        expect(answer.headers.get('content-type')).toContain('text/event-stream')
        const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
        let text = ''
        /** Resolves with everything received when it contains `part`. */
        const until = async (part: string): Promise<string> => {
          while (!text.includes(part)) {
            const { value, done } = await reader.read()
            if (done) throw new Error(`ended without ${part}: ${text}`)
            text += value
          }
          return text
        }
        return { until, stop: () => reader.cancel() }
      }
      const [a, b, c] = [await world.signIn(), await world.signIn(), await world.signIn()]
      await world.ask('DELETE', '/tokens', { refresh_token: a.result.refresh_token })
      const first = await stream()
      const backlog = await first.until('event: ready')
      expect(backlog.startsWith(': ')).toBe(true)
      expect(backlog.indexOf(a.sessionId)).toBeLessThan(backlog.indexOf('event: ready'))
      await replica.ask('DELETE', '/tokens', { refresh_token: b.result.refresh_token })
      const seen = await first.until(b.sessionId)
      const id = seen.match(/id: (\S+)(?![^]*id: )/)![1]!
      await first.stop()
      await replica.ask('DELETE', '/tokens', { refresh_token: c.result.refresh_token })
      const second = await stream({ 'last-event-id': id })
      const resumed = await second.until('event: ready')
      expect(resumed).toContain(c.sessionId)
      expect(resumed).not.toContain(a.sessionId)
      await second.stop()
    })
  })

  describe('the Console', () => {
    const admins = (method: string, path: string, token: string, body?: object) =>
      world.ask(method, path, body, { authorization: `Bearer ${token}` })

    it('has a link for the first admin that works once, and its users manage every app', async () => {
      const link = (await prepareConsole(world.store, 'https://auth.example', world.now))!
      const app = (await world.store.apps.find(CONSOLE_APP_ID))!
      const secret = new URL(link).hash.replace('#invitation=', '')
      expect(link).toMatch(/^https:\/\/auth\.example\/console\/#invitation=/)
      const keys = deriveKeys(masterKey)
      const context = { store: world.store, keys, app, now: world.now, by: (actor: string) => actor }
      const sign = (invitation?: string) => startSignUp(context, { identifier: 'root', invitation })
      await expect(sign()).rejects.toMatchObject({ status: 403 })
      await expect(sign('guess')).rejects.toMatchObject({ status: 403 })
      await expect(sign(secret)).resolves.toMatchObject({ user: { id: expect.any(String) } })
      // A restart replaces the earlier link.
      await prepareConsole(world.store, 'https://auth.example', world.now)
      await expect(sign(secret)).rejects.toMatchObject({ status: 403 })

      const { secret: key } = await createApiKey(world.store, CONSOLE_APP_ID, 'tests', 'system', world.now)
      const made = await admins('POST', '//v1/apps/console/users', key, {
        identifier: 'admin@example.com',
        role: 'owner',
      })
      const { user } = (await made.json()) as { user: User }
      const { auth_token } = await resultOf(
        admins('POST', `//v1/apps/console/users/${user.id}/sessions`, key),
      )
      for (const token of [key, auth_token]) {
        const { apps } = (await (await admins('GET', '//v1/apps', token)).json()) as { apps: ManagedApp[] }
        expect(apps.map(({ id }) => id)).toEqual(expect.arrayContaining(['demo', CONSOLE_APP_ID]))
        expect((await admins('GET', '/events', token)).status).toBe(200)
      }
      const id = `app-${newId().toString('hex')}`
      const profile = { id, name: 'New', auth_origin: 'https://new.example', redirect_url: '/' }
      const created = await admins('POST', '//v1/apps', auth_token, profile)
      expect(created.status).toBe(201)
      expect((await created.json()) as object).toMatchObject({
        app: { ...profile, refresh_enabled: false, version: 1 },
      })
      expect((await admins('POST', '//v1/apps', auth_token, profile)).status).toBe(409)
      const invited = await admins('POST', '//v1/apps/console/invitations', auth_token)
      expect((await invited.json()) as object).toMatchObject({ url: expect.stringContaining('#invitation=') })
      const { events } = (await (await admins('GET', `//v1/apps/${id}/events`, auth_token)).json()) as {
        events: Event[]
      }
      expect(events).toMatchObject([
        { type: 'app-created', actor: `admin:${user.id}`, actor_name: 'admin@example.com' },
      ])
      expect(await prepareConsole(world.store, 'https://auth.example', world.now)).toBeUndefined()
      // After a sign-out the admin's token is refused.
      await admins('DELETE', `//v1/apps/console/users/${user.id}/tokens`, key)
      expect((await admins('GET', '//v1/apps', auth_token)).status).toBe(401)
    })

    it('does not let anyone take its id, or change what makes it safe (case G3)', async () => {
      const { secret: key } = await createApiKey(world.store, CONSOLE_APP_ID, 'tests', 'system', world.now)
      for (const id of ['console', 'Console']) {
        const profile = { id, name: 'Mine', auth_origin: 'https://evil.example', redirect_url: '/' }
        expect((await admins('POST', '//v1/apps', key, profile)).status).toBe(409)
      }
      const patch = (change: object) => admins('PATCH', '//v1/apps/console/settings', key, change)
      for (const change of [
        { public_signup: true },
        { auth_origin: 'https://evil.example' },
        { additional_auth_origins: ['https://evil.example'] },
        { redirect_url: 'https://evil.example' },
        { name: 'Mine' },
        { storage: 'any' },
      ])
        expect((await patch(change)).status).toBe(403)
      // A client that authenticates itself would lock the Console out.
      expect((await patch({ client_auth: 'secret' })).status).toBe(400)
      expect((await patch({ refresh_inactivity_lifetime: 600 })).status).toBe(200)
      // If somebody changes it in the database, the next start corrects it.
      const { version, ...app } = (await world.store.apps.find(CONSOLE_APP_ID))!
      const wrong = {
        ...app,
        public_signup: true,
        storage: 'any' as const,
        additional_auth_origins: ['https://evil.example'],
      }
      await world.store.apps.change(CONSOLE_APP_ID, version, wrong, {}, 'system', world.now)
      await prepareConsole(world.store, 'https://auth.example', world.now)
      expect(await world.store.apps.find(CONSOLE_APP_ID)).toMatchObject({
        public_signup: false,
        storage: 'cookie',
        additional_auth_origins: [],
        refresh_inactivity_lifetime: 600,
      })
      const { events } = (await (
        await admins('GET', '//v1/apps/console/events?type=settings&limit=1', key)
      ).json()) as { events: Event[] }
      expect(events).toMatchObject([{ actor: 'system', data: { after: { public_signup: false } } }])
    })

    it('refuses the tokens and API keys of other apps for management', async () => {
      const { result } = await world.signIn()
      for (const token of [result.auth_token, result.refresh_token!, 'tk1.guess', world.key])
        expect((await admins('GET', '//v1/apps', token)).status).toBe(401)
      for (const path of [
        '/settings',
        '/events',
        '/statistics',
        '/revocations',
        '/api-keys',
        '/signing-keys',
        '/users/x',
      ])
        expect((await admins('GET', path, result.auth_token)).status).toBe(401)
    })
  })
})
