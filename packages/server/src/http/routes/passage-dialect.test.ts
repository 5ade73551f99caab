import { beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../../test/authenticator.ts'
import { createCeremonies } from '../../../test/ceremonies.ts'
import { contentOf } from '../../../test/hostile.ts'
import { places } from '../../../test/stores.ts'
import { minute, origin, resultOf, worldOfSuite } from '../../../test/world.ts'

type Json = Record<string, unknown>

describe.each(places)('the dialect of Passage, on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const fromPage = async (method: string, path: string, body?: object, token?: string) => {
    const headers = { origin, ...(token && { authorization: `Bearer ${token}` }) }
    const answer = await world.ask(method, path, body, headers)
    return { status: answer.status, body: (await answer.json()) as Json & { user: Json | null } }
  }
  const manage = async (method: string, path: string, body?: object) => {
    const answer = await world.manage(method, path, body)
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Json & { user: Json } }
  }
  const signUp = async (identifier: string) =>
    resultOf(passkeys.signUp(createAuthenticator(origin), { identifier }))

  beforeAll(async () => {
    await signUp('known@example.com')
    await manage('POST', '/users', { email: 'no-passkey@example.com' })
  })

  describe('a page asks whether a user exists (case I1)', () => {
    it('and gets the user, with what the element reads, or null', async () => {
      expect(await fromPage('GET', '/users?identifier=Known%40example.com')).toEqual({
        status: 200,
        body: {
          user: {
            id: expect.any(String),
            status: 'active',
            email: 'Known@example.com',
            email_verified: false,
            phone: '',
            phone_verified: false,
            user_metadata: null,
            webauthn: true,
            webauthn_types: ['passkey'],
          },
        },
      })
      expect((await fromPage('GET', '/users?identifier=no-passkey@example.com')).body.user).toMatchObject({
        webauthn: false,
        webauthn_types: [],
      })
      expect(await fromPage('GET', '/users?identifier=nobody@example.com')).toEqual({
        status: 200,
        body: { user: null },
      })
    })

    it.each([
      ['uniform', true],
      ['by-sign-up', false],
      ['uniform', false],
    ])('and learns nothing if the lookup is %s and public sign-up %s', async (user_lookup, public_signup) => {
      await manage('PATCH', '/settings', { user_lookup, public_signup })
      const shapes = await Promise.all(
        ['known', 'no-passkey', 'nobody'].map(async (name) => {
          const { body } = await fromPage('GET', `/users?identifier=${name}@example.com`)
          expect(body.user).toMatchObject({ email: `${name}@example.com`, id: expect.any(String) })
          return { ...body.user, id: '', email: '' }
        }),
      )
      for (const shape of shapes) expect(shape).toEqual(shapes[0])
      expect(shapes[0]).toMatchObject({ status: 'active', webauthn: true })
      await manage('PATCH', '/settings', { user_lookup: 'by-sign-up', public_signup: true })
    })

    it('and learns it without public sign-up if the lookup is exact', async () => {
      await manage('PATCH', '/settings', { user_lookup: 'exact', public_signup: false })
      expect((await fromPage('GET', '/users?identifier=nobody@example.com')).body).toEqual({ user: null })
      await manage('PATCH', '/settings', { user_lookup: 'by-sign-up', public_signup: true })
    })
  })

  describe('a page begins a sign-up (case I1)', () => {
    it('and gets a pending user, without a row being made', async () => {
      const before = await contentOf(world)
      const begun = await fromPage('POST', '/users', { identifier: 'begun@example.com', user_metadata: {} })
      expect(begun).toMatchObject({ status: 201, body: { user: { status: 'pending', webauthn: false } } })
      expect(await fromPage('POST', '/users', { identifier: 'begun@example.com' })).toEqual(begun)
      expect(await contentOf(world)).toBe(before)
      // The name is still free for anybody.
      expect((await manage('POST', '/users', { email: 'begun@example.com' })).status).toBe(201)
    })

    it('and is refused for a known name, without public sign-up, and with metadata that would be lost', async () => {
      const start = (identifier: string, user_metadata?: object) =>
        fromPage('POST', '/users', { identifier, ...(user_metadata && { user_metadata }) })
      expect(await start('known@example.com')).toMatchObject({ status: 409, body: { code: 'conflict' } })
      expect(await start('new@example.com', { plan: 'pro' })).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining('user_metadata.plan') },
      })
      // The element sends false for every switch that a form does not show.
      expect((await start('new@example.com', { newsletter: false })).status).toBe(201)
      await manage('PATCH', '/settings', { public_signup: false })
      expect(await start('new@example.com')).toMatchObject({
        status: 403,
        body: { code: 'operation_not_allowed', error: expect.stringMatching(/^Public signup/) },
      })
      await manage('PATCH', '/settings', { public_signup: true })
    })
  })

  it('a sign-in that starts without a body is discoverable (case I7)', async () => {
    const { status, body } = await fromPage('POST', '/login/webauthn/start')
    expect([status, body]).toMatchObject([
      200,
      { handshake: { challenge: { publicKey: { allowCredentials: [] } } } },
    ])
    expect(body).not.toHaveProperty('user')
  })

  it('the user of a started ceremony has every field that clients parse', async () => {
    const user = { email: 'fresh@example.com', webauthn_types: [], status: 'pending' }
    const identifier = 'fresh@example.com'
    const started = await fromPage('POST', '/register/webauthn/start', { identifier })
    expect(started.body.user).toMatchObject(user)
    const { auth_token } = await signUp(identifier)
    const adding = await fromPage('POST', '/currentuser/devices/start', undefined, auth_token)
    expect(adding.body.user).toMatchObject({ ...user, status: 'active', webauthn_types: ['passkey'] })
    expect((await fromPage('POST', '/login/webauthn/start', { identifier })).body.user).toMatchObject({
      webauthn_types: ['passkey'],
    })
  })

  it('honours the kind of authenticator that a client asks for', async () => {
    const { auth_token } = await signUp('kinds@example.com')
    const selection = async (path: string, body: object, token?: string) =>
      (await fromPage('POST', path, body, token)).body as unknown as {
        handshake: { challenge: { publicKey: { authenticatorSelection: Json } } }
      }
    for (const [asked, got] of [
      ['platform', 'platform'],
      ['cross-platform', 'cross-platform'],
      ['any', undefined],
    ]) {
      const body = { identifier: 'kind@example.com', authenticator_attachment: asked }
      for (const started of [
        await selection('/register/webauthn/start', body),
        await selection('/currentuser/devices/start', body, auth_token),
      ])
        expect(started.handshake.challenge.publicKey.authenticatorSelection['authenticatorAttachment']).toBe(
          got,
        )
    }
  })

  describe('an identifier (case I2)', () => {
    it('changes by email or phone if it is of that kind', async () => {
      const { id } = (await manage('POST', '/users', { email: 'before@example.com' })).body.user
      const changed = await manage('PATCH', `/users/${String(id)}`, { email: 'after@example.com' })
      expect(changed.body.user).toMatchObject({ email: 'after@example.com', phone: '' })
      const phone = (await manage('POST', '/users', { phone: '+15005550001' })).body.user
      const called = await manage('PATCH', `/users/${String(phone['id'])}`, { phone: '+15005550002' })
      expect(called.body.user).toMatchObject({ email: '', phone: '+15005550002' })
    })

    it.each([
      ['POST', '', { email: 'both@example.com', phone: '+15005550003' }],
      ['POST', '', { email: 'no address' }],
      ['POST', '', { phone: '0123' }],
      ['PATCH', 'email', { phone: '+15005550003' }],
      ['PATCH', 'phone', { email: 'both@example.com' }],
      ['PATCH', 'name', { email: 'both@example.com' }],
      ['PATCH', 'email', { email: 'x@example.com', phone: '+15005550003' }],
    ])('is never dropped in silence: %s of a user with %s, %j', async (method, kind, body) => {
      const unique = crypto.randomUUID()
      const names: Record<string, object> = {
        email: { email: `${unique}@example.com` },
        phone: { phone: `+1${parseInt(unique.slice(0, 8), 16)}` },
        name: { identifier: unique },
      }
      const path = kind
        ? `/users/${String((await manage('POST', '/users', names[kind])).body.user['id'])}`
        : '/users'
      expect(await manage(method, path, body)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', error: expect.stringMatching(/identifier|e-mail|phone number/) },
      })
    })
  })

  it('refresh_token_expiration is the absolute expiration, or without one the end by inactivity (case I6)', async () => {
    const lifetimes = async (absolute: number, inactivity: number) => {
      await manage('PATCH', '/settings', {
        refresh_absolute_lifetime: absolute,
        refresh_inactivity_lifetime: inactivity,
      })
      const { result } = await world.signIn()
      return result.refresh_token_expiration! - Math.floor(world.now / 1000)
    }
    expect(await lifetimes(86_400, 3600)).toBe(86_400)
    expect(await lifetimes(0, 3600)).toBe(3600)
    await lifetimes(30 * 86_400, 7 * 86_400)
  })

  describe('a list of users (case I9)', () => {
    const names = async (query: string) => {
      const { status, body } = await manage('GET', `/users?search=list-&${query}`)
      expect(status).toBe(200)
      return (body['users'] as { identifier: string }[]).map(({ identifier }) => identifier)
    }
    let ids: string[]
    beforeAll(async () => {
      world.now += minute
      ids = []
      for (const name of ['list-a', 'list-b', 'list-c']) {
        world.now += minute
        ids.push(String((await manage('POST', '/users', { identifier: name })).body.user['id']))
      }
      await manage('POST', `/users/${ids[1]}/sessions`)
    })

    it('has the order that is asked for, in any case, by one or two columns', async () => {
      expect(await names('order_by=created_at:ASC')).toEqual(['list-a', 'list-b', 'list-c'])
      expect(await names('order_by=login_count:DESC,created_at:asc')).toEqual(['list-b', 'list-a', 'list-c'])
      expect(await names('order_by=last_login_at:ASC,created_at:DESC')).toEqual([
        'list-b',
        'list-c',
        'list-a',
      ])
      for (const column of ['id', 'identifier', 'status', 'updated_at'])
        expect(await names(`order_by=${column}`)).toHaveLength(3)
    })

    it('has those that fit, with and without an operator', async () => {
      const created = new Date(world.now - minute).toISOString()
      expect(await names(`id=${ids[2]}`)).toEqual(['list-c'])
      expect(await names(`id=<ne:${ids[2]}>&order_by=created_at:asc`)).toEqual(['list-a', 'list-b'])
      expect(await names('id=nobody')).toEqual([])
      expect(await names('login_count=1')).toEqual(['list-b'])
      expect(await names('login_count=<lt:1>&order_by=created_at:asc')).toEqual(['list-a', 'list-c'])
      expect(await names(`created_at=<gt:${created}>`)).toEqual(['list-c'])
      expect(await names(`created_at=${created}`)).toEqual(['list-b'])
      expect(await names('last_login_at=<gt:2000-01-01T00:00:00Z>')).toEqual(['list-b'])
      expect(await names('last_login_at=0001-01-01T00:00:00Z&order_by=created_at:asc')).toEqual([
        'list-a',
        'list-c',
      ])
      expect(await names('status=<ne:active>')).toEqual([])
      expect(await names('updated_at=<lt:2000-01-01T00:00:00Z>')).toEqual([])
    })

    it.each([
      'order_by=password',
      'order_by=created_at:up',
      'order_by=id,id,id',
      'login_count=many',
      'login_count=<like:1>',
      'created_at=yesterday',
      'created_at=9999-99-99T99:99:99Z',
      'status=asleep',
    ])('refuses %s', async (query) => {
      expect(await manage('GET', `/users?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      })
    })
  })

  describe('a signed-in user (case I10)', () => {
    it('names a passkey, and sees it in their profile', async () => {
      const { auth_token } = await signUp('device@example.com')
      const profile = await fromPage('GET', '/currentuser', undefined, auth_token)
      const [device] = profile.body.user!['webauthn_devices'] as [{ id: string }]
      const path = `/currentuser/devices/${device.id}`
      expect(await fromPage('PATCH', path, { friendly_name: 'Phone' }, auth_token)).toMatchObject({
        status: 200,
        body: { device: { id: device.id, friendly_name: 'Phone' } },
      })
      expect(await fromPage('PATCH', path, { friendly_name: '' }, auth_token)).toMatchObject({ status: 400 })
      const { auth_token: other } = await signUp('stranger@example.com')
      expect(await fromPage('PATCH', path, { friendly_name: 'Mine' }, other)).toMatchObject({
        status: 404,
        body: { code: 'device_not_found' },
      })
    })

    it('adds a passkey with a client of Passage, which cannot read the ids of the others', async () => {
      const { auth_token } = await signUp('adding@example.com')
      const start = async (headers: object) => {
        const answer = await world.ask('POST', '/currentuser/devices/start', undefined, {
          origin,
          authorization: `Bearer ${auth_token}`,
          ...headers,
        })
        const { handshake } = (await answer.json()) as {
          handshake: { challenge: { publicKey: { excludeCredentials: unknown[] } } }
        }
        return handshake.challenge.publicKey.excludeCredentials
      }
      expect(await start({})).toHaveLength(1)
      expect(await start({ 'passage-version': '@passageidentity/passage-js 3.5.0' })).toEqual([])
    })

    it('changes the metadata that the app lets users change, and no other', async () => {
      const user_metadata_schema = [
        { field_name: 'newsletter', friendly_name: 'Newsletter', type: 'boolean' },
        { field_name: 'birthday', friendly_name: 'Birthday', type: 'date' },
      ]
      const twice = [user_metadata_schema[0], { ...user_metadata_schema[1], field_name: 'newsletter' }]
      expect(await manage('PATCH', '/settings', { user_metadata_schema: twice })).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining('user_metadata_schema.1.field_name') },
      })
      await manage('PATCH', '/settings', { user_metadata_schema })
      const { auth_token, user_id } = await signUp('metadata@example.com')
      await manage('PATCH', `/users/${user_id}`, { user_metadata: { role: 'reader' } })
      const path = '/currentuser/user-metadata'
      const change = (user_metadata: object) => fromPage('PATCH', path, { user_metadata }, auth_token)
      const birthday = '1999-12-31'
      expect(await change({ newsletter: true, birthday, role: 'reader' })).toMatchObject({
        status: 200,
        body: { user: { user_metadata: { newsletter: true, birthday, role: 'reader' } } },
      })
      expect(await change({ role: 'admin' })).toMatchObject({ status: 403 })
      expect(await change({ newsletter: 'yes' })).toMatchObject({ status: 400 })
      expect(await change({ birthday: 'tomorrow' })).toMatchObject({ status: 400 })
      expect((await fromPage('GET', path, undefined, auth_token)).body).toEqual({
        user_metadata: { newsletter: true, birthday, role: 'reader' },
      })
      const { body } = await fromPage('GET', '/')
      expect(body['app']).toMatchObject({
        user_metadata_schema: [{ id: 'newsletter', profile: true, registration: false }, {}],
        layouts: {
          profile: [
            { id: 'newsletter', x: 0, y: 0 },
            { id: 'birthday', x: 3, y: 0 },
          ],
        },
      })
    })

    it('has no social connections', async () => {
      const { auth_token } = await signUp('social@example.com')
      expect(await fromPage('GET', '/currentuser/social-connections', undefined, auth_token)).toEqual({
        status: 200,
        body: { social_connections: {} },
      })
    })
  })

  it.each([
    ['POST', '/register/magic-link'],
    ['POST', '/login/magic-link'],
    ['POST', '/magic-link/status'],
    ['PATCH', '/magic-link/activate'],
    ['POST', '/register/otp'],
    ['POST', '/login/otp'],
    ['POST', '/otp/activate'],
    ['GET', '/social/authorize'],
    ['GET', '/social/token'],
    ['PATCH', '/currentuser/email'],
    ['PATCH', '/currentuser/phone'],
    ['POST', '/magic-links'],
  ])('%s %s is refused in the form of Passage, with the way out (case I9)', async (method, path) => {
    expect(await fromPage(method, path, method === 'GET' ? undefined : {})).toMatchObject({
      status: 403,
      body: { code: 'operation_not_allowed', error: expect.stringMatching(/backend/) },
    })
  })
})
