import { role, scope, type ApiKey, type Event, type Role, type Scope } from '@tokenkeep/protocol'
import { describe, expect, it } from 'vitest'
import { places } from '../../test/stores.ts'
import { baseUrl, day, resultOf, worldOfSuite } from '../../test/world.ts'
import { createApiKey, type ApiKeyOptions } from '../index.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { parseId } from '../store/ids.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe.each(places)('who may do what, on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const start = world.now
  await prepareConsole(world.store, baseUrl, world.now)

  const keyOf = async (app: string, options?: ApiKeyOptions) =>
    (await createApiKey(world.store, app, 'tests', 'system', world.now, options)).secret
  const from = (address: string, token: string, method = 'GET', path = '/users', body?: object) =>
    world.server.fetch(
      new Request(`${baseUrl}/v1/apps/demo${path}`, {
        method,
        headers: bearer(token),
        ...(body && { body: JSON.stringify(body) }),
      }),
      { address },
    )
  const consoleKey = await keyOf('console')
  const inConsole = (token: string, method: string, path: string, body?: object) =>
    world.ask(method, `//v1/apps/console${path}`, body, bearer(token))
  const makeAdmin = async (as: Role, identifier = `admin-${crypto.randomUUID()}`) => {
    const made = await inConsole(consoleKey, 'POST', '/users', { identifier, role: as })
    const { user } = (await made.json()) as { user: { id: string; role: Role } }
    expect(user.role).toBe(as)
    const result = await resultOf(inConsole(consoleKey, 'POST', `/users/${user.id}/sessions`))
    return { id: user.id, token: result.auth_token }
  }

  describe('an API key (T24)', () => {
    it('is refused after its end', async () => {
      const secret = await keyOf('demo', { expiresAt: world.now + day })
      expect((await from('192.0.2.1', secret)).status).toBe(200)
      world.now += day
      expect((await from('192.0.2.1', secret)).status).toBe(401)
    })

    it.each<[string[], string[], string[]]>([
      [['192.0.2.7'], ['192.0.2.7'], ['192.0.2.8', '::1']],
      [
        ['10.0.0.0/8', '2001:db8::/32'],
        ['10.255.0.1', '::ffff:10.0.0.1', '2001:db8::9'],
        ['11.0.0.1', '::ffff:11.0.0.1', '2001:db9::1'],
      ],
      [['::1'], ['::1', '0:0:0:0:0:0:0:1'], ['127.0.0.1']],
    ])('for %j is accepted from %j and refused from %j', async (addresses, good, bad) => {
      const secret = await keyOf('demo', { addresses })
      for (const address of good) expect((await from(address, secret)).status, address).toBe(200)
      for (const address of bad) {
        const refused = await from(address, secret)
        expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'operation_not_allowed' }])
      }
      // The host of an embedded server may pass no address.
      expect((await world.ask('GET', '/users', undefined, bearer(secret))).status).toBe(403)
    })

    it('tells when and from where it was used last', async () => {
      const created = await world.manage('POST', '/api-keys', { name: 'watched' })
      const { api_key, secret } = (await created.json()) as { api_key: ApiKey; secret: string }
      expect(api_key).toMatchObject({ scopes: scope.options, addresses: [] })
      // A year, but no longer than the key that created it.
      expect(api_key.expires_at! - api_key.created_at).toBe(31_536_000 - (world.now - start) / 1000)
      await from('192.0.2.9', secret)
      const listed = async () => {
        const { api_keys } = (await (await world.manage('GET', '/api-keys')).json()) as { api_keys: ApiKey[] }
        return api_keys.find(({ id }) => id === api_key.id)
      }
      await expect
        .poll(listed)
        .toMatchObject({ last_used_from: '192.0.2.9', last_used_at: expect.any(Number) })
    })

    it('creates no key that can do more, from elsewhere or for longer', async () => {
      const expiresAt = world.now + day
      const own = await keyOf('demo', {
        scopes: ['keys', 'users:read'],
        addresses: ['10.0.0.0/8'],
        expiresAt,
      })
      const create = (body: object) => from('10.0.0.1', own, 'POST', '/api-keys', { name: 'child', ...body })
      expect((await create({ scopes: ['users:write'] })).status).toBe(403)
      expect((await create({ addresses: ['0.0.0.0/0'] })).status).toBe(403)
      const made = await create({ expires_in: null })
      expect(made.status).toBe(201)
      expect(((await made.json()) as { api_key: ApiKey }).api_key).toMatchObject({
        scopes: ['keys', 'users:read'],
        addresses: ['10.0.0.0/8'],
        expires_at: Math.floor(expiresAt / 1000),
      })
    })

    it.each(['users:write', 'sessions:create', 'settings:write', 'keys'] satisfies Scope[])(
      'of the Console with %s alone makes no administrator',
      async (only) => {
        const secret = await keyOf('console', { scopes: [only] })
        const { id } = await makeAdmin('auditor')
        const tries: [string, string, object?][] = [
          ['POST', '/users', { identifier: 'eve', role: 'owner' }],
          ['PATCH', `/users/${id}`, { role: 'owner' }],
          ['POST', '/invitations', { role: 'owner' }],
          ['POST', '/invitations', { user_id: id }],
          ['POST', `/users/${id}/sessions`, {}],
          ['POST', '/api-keys', { name: 'all' }],
          ['PATCH', '/settings', { user_verification: 'preferred' }],
          ['POST', '/signing-keys', {}],
        ]
        for (const [method, path, body] of tries)
          expect((await inConsole(secret, method, path, body)).status, path).toBe(403)
      },
    )
  })

  describe('a role', () => {
    it.each(role.options)('%s reads everything, and writes what it may', async (as) => {
      const { token } = await makeAdmin(as)
      const { userId, sessionId } = await world.signIn()
      const ask = async (method: string, path: string, body?: object) =>
        (await world.ask(method, path, body, bearer(token))).status
      const may = (...roles: Role[]): number => (roles.includes(as) ? 200 : 403)
      for (const path of ['/users', '/settings', '/events', '/api-keys', '/invitations', `/users/${userId}`])
        expect(await ask('GET', path), path).toBe(200)
      expect(await ask('DELETE', `/users/${userId}/sessions/${sessionId}`)).toBe(
        may('owner', 'admin', 'support'),
      )
      expect(await ask('PATCH', `/users/${userId}`, { user_metadata: {} })).toBe(may('owner', 'admin'))
      expect(await ask('PATCH', '/settings', { name: 'Demo' })).toBe(may('owner', 'admin'))
      expect(await ask('POST', '/signing-keys', {})).toBe(as === 'owner' || as === 'admin' ? 201 : 403)
      expect((await inConsole(token, 'GET', '/users')).status).toBe(200)
      expect((await inConsole(token, 'POST', '/invitations', {})).status).toBe(as === 'owner' ? 201 : 403)
    })

    it('is no field of a user of another app', async () => {
      const made = await world.manage('POST', '/users', { identifier: 'x', role: 'owner' })
      expect([made.status, await made.json()]).toMatchObject([400, { code: 'invalid_request' }])
    })

    it('counts at once when it is taken away, and ends invitations that it allowed', async () => {
      const { id, token } = await makeAdmin('owner')
      const invited = await inConsole(token, 'POST', '/invitations', { role: 'owner' })
      const { invitation } = (await invited.json()) as { invitation: { id: string; role: Role } }
      expect(invitation.role).toBe('owner')
      expect((await inConsole(consoleKey, 'PATCH', `/users/${id}`, { role: 'auditor' })).status).toBe(200)
      expect((await inConsole(token, 'POST', '/invitations', {})).status).toBe(403)
      const listed = await inConsole(consoleKey, 'GET', '/invitations')
      expect(await listed.text()).not.toContain(invitation.id)
    })

    it('of the last owner stays, also if two owners end each other', async () => {
      const { store, now } = world
      const owners = async () => {
        const { users } = await store.users.list('console', {}, 'created_at:asc', 500, 0)
        return users.filter((user) => user.status === 'active' && (user.role ?? 'owner') === 'owner')
      }
      const ends: [string, (id: string) => Promise<Response>][] = [
        ['demoted', (id) => inConsole(consoleKey, 'PATCH', `/users/${id}`, { role: 'admin' })],
        ['deactivated', (id) => inConsole(consoleKey, 'PATCH', `/users/${id}/deactivate`)],
        ['deleted', (id) => inConsole(consoleKey, 'DELETE', `/users/${id}`)],
      ]
      for (const [what, end] of ends) {
        const [one, two] = [await makeAdmin('owner'), await makeAdmin('owner')]
        for (const { id } of await owners())
          if (!id.equals(parseId(one.id)!) && !id.equals(parseId(two.id)!))
            await store.users.setRole('console', id, 'auditor', 'system', now)
        const answers = await Promise.all([one, two].map(({ id }) => end(id)))
        expect(answers.map(({ status }) => status).toSorted(), what).toEqual([200, 409])
        expect(await owners()).toHaveLength(1)
      }
    })
  })

  describe('the audit trail', () => {
    const events = async (query: string): Promise<Event[]> => {
      const answer = await world.manage('GET', `/events?${query}`)
      return ((await answer.json()) as { events: Event[] }).events
    }

    it('names who did it by id, with the address, the agent and the request (case G7)', async () => {
      const admin = await makeAdmin('admin', 'grace@example.com')
      const { userId } = await world.signIn()
      await world.server.fetch(
        new Request(`${baseUrl}/v1/apps/demo/users/${userId}/deactivate`, {
          method: 'PATCH',
          headers: { ...bearer(admin.token), 'user-agent': 'Console', 'x-request-id': 'request-7' },
        }),
        { address: '192.0.2.5' },
      )
      const by = { actor: `admin:${admin.id}`, actor_name: 'grace@example.com' }
      const source = { ip: '192.0.2.5', user_agent: 'Console', request_id: 'request-7' }
      expect(await events(`actor=admin:${admin.id}`)).toMatchObject([
        { type: 'deactivate', ...by, ...source },
      ])
      // Somebody else gets the name.
      await inConsole(consoleKey, 'DELETE', `/users/${admin.id}`)
      const other = await makeAdmin('admin', 'grace@example.com')
      expect(await events(`actor=admin:${other.id}`)).toEqual([])
    })

    it('tells from where a stolen refresh token was used (case G7)', async () => {
      const { userId, result } = await world.signIn()
      await world.refresh(result.refresh_token!, 'owner')
      await world.refresh(result.refresh_token!, 'owner')
      await world.server.fetch(
        new Request(`${baseUrl}/v1/apps/demo/tokens`, {
          method: 'POST',
          headers: { 'user-agent': 'thief' },
          body: JSON.stringify({ refresh_token: result.refresh_token }),
        }),
        { address: '198.51.100.9' },
      )
      expect(await events(`user_id=${userId}&type=reuse`)).toMatchObject([
        { actor: 'system', ip: '198.51.100.9', user_agent: 'thief', request_id: expect.any(String) },
      ])
    })

    it('shows the person of a session that a backend opened, and who opened it (case G7)', async () => {
      const { userId } = await world.signIn()
      const person = { ip: '203.0.113.7', user_agent: 'Firefox' }
      expect((await world.manage('POST', `/users/${userId}/sessions`, person)).status).toBe(201)
      const { sessions } = (await (await world.manage('GET', `/users/${userId}/sessions`)).json()) as {
        sessions: object[]
      }
      expect(sessions).toContainEqual(expect.objectContaining(person))
      expect((await world.manage('POST', `/users/${userId}/sessions`, { ip: 'somewhere' })).status).toBe(400)
    })
  })
})
