import type { Event, Invitation, ManagedApp, Revocation, User } from '@tokenkeep/protocol'
import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { places } from '../../test/stores.ts'
import { claimsOf, origin, resultOf, worldOfSuite } from '../../test/world.ts'
import { appProfile, createApiKey } from '../index.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { newId } from '../store/ids.ts'
import { sql } from '../store/database.ts'

const person = () => createAuthenticator(origin)

describe.each(places)('accounts on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const name = () => `${newId().toString('hex')}@example.com`
  const read = async <T>(response: Response | Promise<Response>, status = 200): Promise<T> => {
    const answer = await response
    const text = await answer.text()
    expect([answer.status, text]).toEqual([status, expect.anything()])
    return (text ? JSON.parse(text) : {}) as T
  }
  const userOf = async (auth: { auth_token: string }): Promise<string> => claimsOf(auth.auth_token).sub
  const create = async (body: object) =>
    (await read<{ user: User }>(world.manage('POST', '/users', body), 201)).user
  const find = async (id: string) => (await read<{ user: User }>(world.manage('GET', `/users/${id}`))).user

  describe('public sign-up', () => {
    it('is off in a new app until an administrator switches it on (case G1)', async () => {
      await prepareConsole(world.store, 'https://auth.example', world.now)
      const { secret } = await createApiKey(world.store, 'console', 'tests', 'system', world.now)
      const authorization = `Bearer ${secret}`
      const id = `app-${newId().toString('hex')}`
      const start = () => createCeremonies(world, id).startSignUp({ identifier: 'stranger' })
      const profile = { id, name: 'New', auth_origin: origin, redirect_url: '/' }
      const created = world.ask('POST', '//v1/apps', profile, { authorization })
      expect((await read<{ app: ManagedApp }>(created, 201)).app.public_signup).toBe(false)
      expect((await start()).status).toBe(403)
      const change = (public_signup: boolean) =>
        world.ask('PATCH', `//v1/apps/${id}/settings`, { public_signup }, { authorization })
      expect((await change(true)).status).toBe(200)
      const begun = await start()
      expect((await change(false)).status).toBe(200)
      expect((await start()).status).toBe(403)
      // What was begun while it was on is refused too.
      expect((await createCeremonies(world, id).finishSignUp(begun, person())).status).toBe(403)
    })

    it('makes nothing and reserves no name before it is finished (case G2)', async () => {
      const identifier = name()
      const count = async () =>
        (await world.database.query<{ n: number }>(sql`SELECT count(*) AS n FROM users`))[0]!.n
      const before = await count()
      const stranger = await passkeys.startSignUp({ identifier })
      expect(stranger.status).toBe(200)
      expect(await count()).toBe(before)
      const other = await passkeys.startSignUp({ identifier })
      const user = await create({ identifier })
      expect((await world.manage('POST', `/users/${user.id}/sessions`)).status).toBe(201)
      // Now the name is taken. Others who had begun get an error.
      for (const begun of [stranger, other])
        expect((await passkeys.finishSignUp(begun, person())).status).toBe(409)
    })

    it('writes nothing for a started ceremony, and accepts each ceremony once (case G2)', async () => {
      const writes = async () =>
        world.database.query(sql`
          SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM events) AS events,
            (SELECT count(*) FROM used_handshakes) AS handshakes`)
      const before = await writes()
      for (let i = 0; i < 5; i++) {
        await passkeys.startSignUp({ identifier: name() })
        await passkeys.call('/login/webauthn/start', {})
      }
      expect(await writes()).toEqual(before)
      const authenticator = person()
      await resultOf(passkeys.signUp(authenticator, { identifier: name() }))
      const started = await passkeys.call('/login/webauthn/start', {})
      const { handshake } = (await started.json()) as {
        handshake: { id: string; challenge: { publicKey: { challenge: string } } }
      }
      const body = {
        handshake_id: handshake.id,
        handshake_response: authenticator.signIn(handshake.challenge.publicKey),
      }
      const both = await Promise.all([1, 2].map(() => passkeys.call('/login/webauthn/finish', body)))
      expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401])
      // Not for another app, nor for another purpose, nor after its time.
      for (const wrong of [`${handshake.id}A`, handshake.id.replace(/^hs1\./, ''), 'x'])
        expect((await passkeys.call('/login/webauthn/finish', { ...body, handshake_id: wrong })).status).toBe(
          401,
        )
      expect((await passkeys.call('/register/webauthn/finish', body)).status).toBe(401)
    })

    it('accepts no ceremony after five minutes', async () => {
      const begun = await passkeys.startSignUp({ identifier: name() })
      world.now += 300_000
      expect((await passkeys.finishSignUp(begun, person())).status).toBe(401)
    })
  })

  describe('an identifier that a stranger claims', () => {
    const claim = async (identifier: string) => {
      const authenticator = person()
      const auth = await resultOf(passkeys.signUp(authenticator, { identifier }))
      return { authenticator, auth, id: await userOf(auth) }
    }

    it('goes to the user for whom the backend vouches, and the stranger never gets that account (case G1)', async () => {
      const identifier = name()
      const stranger = await claim(identifier)
      expect(await find(stranger.id)).toMatchObject({ identifier, identifier_origin: 'claimed' })
      // In another case, too.
      const victim = await create({ identifier: identifier.toUpperCase() })
      expect(victim).toMatchObject({ identifier_origin: 'vouched', webauthn: false })
      expect(victim.id).not.toBe(stranger.id)
      const { auth_token } = await resultOf(world.manage('POST', `/users/${victim.id}/sessions`))
      expect(claimsOf(auth_token).sub).toBe(victim.id)

      // The stranger's sessions have ended, and the passkey opens an account without the name.
      expect((await world.refresh(stranger.auth.refresh_token!)).status).toBe(401)
      const again = await resultOf(passkeys.signIn(stranger.authenticator))
      expect(await userOf(again)).toBe(stranger.id)
      const left = await find(stranger.id)
      expect(left.identifier).toMatch(/^withdrawn-[\w-]{22}$/)
      expect((await passkeys.signIn(stranger.authenticator, { identifier })).status).toBe(409)
      expect((await passkeys.signUp(person(), { identifier })).status).toBe(409)

      const { events } = await read<{ events: Event[] }>(
        world.manage('GET', `/events?user_id=${stranger.id}&type=claim-withdrawn`),
      )
      expect(events).toMatchObject([{ data: { identifier }, actor: expect.stringMatching(/^api-key:/) }])
      const feed = await read<{ revocations: Revocation[] }>(world.manage('GET', '/revocations'))
      expect(feed.revocations).toContainEqual(
        expect.objectContaining({ type: 'user', user_id: stranger.id, epoch: 1 }),
      )
    })

    it('opens no session of the backend, until it vouches for that account by name (case G1)', async () => {
      const identifier = name()
      const { id } = await claim(identifier)
      const open = () => world.manage('POST', `/users/${id}/sessions`)
      expect(await read(open(), 409)).toMatchObject({ code: 'conflict' })
      // An update that names the same identifier, or something else, vouches for nothing.
      await read(world.manage('PATCH', `/users/${id}`, { identifier, user_metadata: {} }))
      expect((await open()).status).toBe(409)
      await read(world.manage('PATCH', `/users/${id}`, { identifier_origin: 'vouched' }))
      expect(await find(id)).toMatchObject({ identifier, identifier_origin: 'vouched' })
      expect((await open()).status).toBe(201)
      expect(await read(world.manage('POST', '/users', { identifier }), 409)).toMatchObject({
        code: 'conflict',
      })
    })

    it('is taken away when the backend gives it to a known user, and nobody can prevent that (case G1)', async () => {
      const identifier = name()
      const stranger = await claim(identifier)
      // The stranger also claims their own user id as a name, so that a name made of the id would be taken.
      await claim(stranger.id)
      const known = await create({ identifier: name() })
      const changed = await read<{ user: User }>(world.manage('PATCH', `/users/${known.id}`, { identifier }))
      expect(changed.user).toMatchObject({ identifier, identifier_origin: 'vouched' })
      expect((await find(stranger.id)).identifier).toMatch(/^withdrawn-/)
    })
  })

  describe('an invitation', () => {
    const invite = async (body?: object) =>
      read<{ secret: string; invitation: Invitation }>(world.manage('POST', '/invitations', body), 201)
    const list = async () =>
      (await read<{ invitations: Invitation[] }>(world.manage('GET', '/invitations'))).invitations

    it('lets one person sign up to an app without public sign-up, once', async () => {
      const id = `app-${newId().toString('hex')}`
      const profile = appProfile({ name: 'Closed', auth_origin: origin, redirect_url: '/' })
      await world.store.apps.add(id, profile, 'system', world.now)
      const { secret: key } = await createApiKey(world.store, id, 'tests', 'system', world.now)
      const made = world.ask('POST', `//v1/apps/${id}/invitations`, undefined, {
        authorization: `Bearer ${key}`,
      })
      const { secret: invitation } = await read<{ secret: string }>(made, 201)
      const closed = createCeremonies(world, id)
      expect((await closed.startSignUp({ identifier: 'ada', invitation: 'guess' })).status).toBe(403)
      expect((await closed.startSignUp({ invitation })).status).toBe(400)
      const begun = await Promise.all(
        ['ada', 'grace'].map((identifier) => closed.startSignUp({ identifier, invitation })),
      )
      const done = []
      for (const each of begun) done.push((await closed.finishSignUp(each, person())).status)
      expect(done).toEqual([200, 403])
    })

    it('replaces the lost passkeys of a user, ends their sessions, and vouches for the user', async () => {
      const identifier = name()
      const lost = person()
      const before = await resultOf(passkeys.signUp(lost, { identifier }))
      const user_id = await userOf(before)
      const { secret, invitation } = await invite({ user_id, expires_in: 600 })
      expect(invitation).toMatchObject({
        user_id,
        identifier,
        created_by: expect.stringMatching(/^api-key:/),
        expires_at: Math.floor(world.now / 1000) + 600,
      })
      expect(await list()).toContainEqual(invitation)
      expect(JSON.stringify(await list())).not.toContain(secret)
      const found = person()
      const after = await resultOf(passkeys.signUp(found, { invitation: secret }))
      expect(await userOf(after)).toBe(user_id)
      expect((await world.refresh(before.refresh_token!)).status).toBe(401)
      expect((await passkeys.signIn(lost)).status).toBe(401)
      expect((await passkeys.signIn(found, { identifier })).status).toBe(200)
      expect(await find(user_id)).toMatchObject({ identifier_origin: 'vouched', identifier })
      expect((await passkeys.signUp(person(), { invitation: secret })).status).toBe(403)
      expect(await list()).not.toContainEqual(invitation)
    })

    it('makes a first passkey for a user whom the backend added', async () => {
      const { id } = await create({ identifier: name() })
      const { secret } = await invite({ user_id: id })
      const auth = await resultOf(passkeys.signUp(person(), { invitation: secret }))
      expect(await userOf(auth)).toBe(id)
    })

    it('does not work after it has expired, after it was withdrawn, or if its user is gone', async () => {
      const user = await create({ identifier: name() })
      const [late, taken, orphan] = [
        await invite({ expires_in: 60 }),
        await invite({ expires_in: 600 }),
        await invite({ user_id: user.id }),
      ]
      const begun = await passkeys.startSignUp({ identifier: name(), invitation: taken.secret })
      expect(begun.status).toBe(200)
      world.now += 60_000
      const path = `/invitations/${taken.invitation.id}`
      expect((await world.manage('DELETE', path)).status).toBe(200)
      expect((await world.manage('DELETE', path)).status).toBe(404)
      expect((await passkeys.finishSignUp(begun, person())).status).toBe(403)
      await world.manage('DELETE', `/users/${user.id}`)
      for (const { secret } of [late, taken, orphan])
        expect((await passkeys.signUp(person(), { identifier: name(), invitation: secret })).status).toBe(403)
      for (const wrong of [{ user_id: 'x' }, { user_id: user.id }])
        expect((await world.manage('POST', '/invitations', wrong)).status).toBe(404)
      for (const expires_in of [59, 604_801])
        expect((await world.manage('POST', '/invitations', { expires_in })).status).toBe(400)
    })
  })

  describe('a person who is signed in', () => {
    it('adds a second passkey, sees both, and removes all but the last', async () => {
      const [first, second] = [person(), person()]
      const auth = await resultOf(passkeys.signUp(first, { identifier: name() }))
      const mine = (method: string, path: string) =>
        world.ask(method, path, undefined, { authorization: `Bearer ${auth.auth_token}` })
      const devices = async () =>
        (await read<{ devices: { id: string }[] }>(mine('GET', '/currentuser/devices'))).devices
      const [only] = await devices()
      expect((await mine('DELETE', `/currentuser/devices/${only!.id}`)).status).toBe(409)
      const { device } = await read<{ device: { id: string } }>(passkeys.add(second, auth.auth_token), 201)
      expect((await devices()).map(({ id }) => id)).toEqual(expect.arrayContaining([only!.id, device.id]))
      const again = await resultOf(passkeys.signIn(second))
      expect(await userOf(again)).toBe(await userOf(auth))
      expect((await passkeys.add(second, auth.auth_token)).status).toBe(409)
      expect((await mine('DELETE', `/currentuser/devices/${only!.id}`)).status).toBe(200)
      expect((await passkeys.signIn(first)).status).toBe(401)
      expect((await mine('DELETE', `/currentuser/devices/${device.id}`)).status).toBe(409)
      expect((await mine('DELETE', `/currentuser/devices/${only!.id}`)).status).toBe(404)
    })

    it('adds no passkey with the ceremony of another user, or without a live session', async () => {
      const [ada, eve] = [person(), person()]
      const victim = await resultOf(passkeys.signUp(ada, { identifier: name() }))
      const thief = await resultOf(passkeys.signUp(eve, { identifier: name() }))
      const start = await passkeys.call(
        '/currentuser/devices/start',
        {},
        { authorization: `Bearer ${thief.auth_token}` },
      )
      const { handshake } = (await start.json()) as {
        handshake: { id: string; challenge: { publicKey: never } }
      }
      const body = {
        handshake_id: handshake.id,
        handshake_response: person().register(handshake.challenge.publicKey),
      }
      const finish = (token: string) =>
        passkeys.call('/currentuser/devices/finish', body, { authorization: `Bearer ${token}` })
      expect((await finish(victim.auth_token)).status).toBe(401)
      expect((await passkeys.call('/register/webauthn/finish', body)).status).toBe(401)
      await world.ask('DELETE', '/tokens', { refresh_token: thief.refresh_token })
      expect((await finish(thief.auth_token)).status).toBe(401)
    })
  })
})
