import { beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../../test/authenticator.ts'
import { createCeremonies } from '../../../test/ceremonies.ts'
import { contentOf } from '../../../test/hostile.ts'
import { places } from '../../../test/stores.ts'
import { origin, resultOf, worldOfSuite } from '../../../test/world.ts'

const hour = 3_600_000

// Failures of comparable software, with the public report of each. docs/passage.md lists them.
describe.each(places)('public reports about sign-ins with passkeys, on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  let people = 0
  const signUp = async (authenticator = createAuthenticator(origin)) => {
    const identifier = `reported-${people++}@example.com`
    const result = await resultOf(passkeys.signUp(authenticator, { identifier }))
    return { authenticator, identifier, ...result }
  }
  const page = async (method: string, path: string, body?: object, from = origin) => {
    const answer = await world.ask(method, path, body, { origin: from })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  it('a passkey is chosen in the autofill of a page that is open for hours (MemeBattle/monorepo #729)', async () => {
    const { authenticator } = await signUp()
    const choose = async (later: number) => {
      const { body } = await page('POST', '/login/webauthn/start')
      const { handshake } = body as { handshake: { id: string; challenge: { publicKey: never } } }
      world.now += later
      const handshake_response = authenticator.signIn(handshake.challenge.publicKey)
      const finish = { handshake_id: handshake.id, handshake_response }
      return [await passkeys.call('/login/webauthn/finish', finish), finish] as const
    }
    const [first, used] = await choose(23 * hour)
    expect(first.status).toBe(200)
    expect((await passkeys.call('/login/webauthn/finish', used)).status).toBe(401)
    expect((await choose(24 * hour))[0].status).toBe(401)
  })

  it('a started sign-in by name ends after five minutes', async () => {
    const { authenticator, identifier } = await signUp()
    const started = await passkeys.call('/login/webauthn/start', { identifier })
    const { handshake } = (await started.json()) as {
      handshake: { id: string; challenge: { publicKey: never } }
    }
    world.now += 300_000
    const finish = {
      handshake_id: handshake.id,
      handshake_response: authenticator.signIn(handshake.challenge.publicKey),
    }
    expect((await passkeys.call('/login/webauthn/finish', finish)).status).toBe(401)
  })

  it.each([
    ['a synchronized passkey, whose copies count for themselves', true, 200],
    ['a passkey of one device, which then has a copy', false, 401],
  ])('the signature counter goes back: %s (securo-finance/securo #534)', async (_, synchronized, status) => {
    let counter = 7
    const authenticator = createAuthenticator(origin, { synchronized, count: () => counter })
    await signUp(authenticator)
    counter = 9
    await resultOf(passkeys.signIn(authenticator))
    counter = 3
    expect((await passkeys.signIn(authenticator)).status).toBe(status)
    counter = 3
    expect((await passkeys.signIn(authenticator)).status).toBe(status)
  })

  it.each([
    ['a zero-width space', '', '\u200B'],
    ['marks of the writing direction', '\u202A', '\u202C'],
    ['a no-break space', '\u00A0', '\u00A0'],
    ['a line feed', '', '\n'],
    ['a byte order mark', '\uFEFF', ''],
  ])('a name is pasted with %s around it (Apolloccrypt/paramant-relay #406)', async (_, before, after) => {
    const { authenticator, identifier, user_id } = await signUp()
    const pasted = `${before}${identifier}${after}`
    const { user_id: found } = await resultOf(passkeys.signIn(authenticator, { identifier: pasted }))
    expect(found).toBe(user_id)
    const { body } = await page('GET', `/users?identifier=${encodeURIComponent(pasted)}`)
    expect(body['user']).toMatchObject({ id: user_id })
    expect((await passkeys.startSignUp({ identifier: pasted })).status).toBe(409)
    const listed = await world.manage('GET', `/users?identifier=${encodeURIComponent(pasted)}`)
    expect(await listed.json()).toMatchObject({ total_users: 1 })
  })

  it('prompts that are closed leave nothing behind and block nothing (clerk/javascript #9812)', async () => {
    const { auth_token } = await signUp()
    const authorization = `Bearer ${auth_token}`
    const before = await contentOf(world)
    for (let i = 0; i < 20; i++) {
      await passkeys.call('/currentuser/devices/start', {}, { authorization })
      await passkeys.startSignUp({ identifier: 'closed@example.com' })
    }
    expect(await contentOf(world)).toBe(before)
    expect((await passkeys.add(createAuthenticator(origin), auth_token)).status).toBe(201)
    await signUp()
  })

  it('the passkey of a user who was deactivated, or that was revoked, is chosen (privacyidea/privacyidea #4612)', async () => {
    const { authenticator, identifier, user_id } = await signUp()
    await world.manage('PATCH', `/users/${user_id}/deactivate`)
    for (const body of [{}, { identifier }]) {
      const refused = await passkeys.signIn(authenticator, body)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ code: 'user_not_active' })
    }
    await world.manage('PATCH', `/users/${user_id}/activate`)
    await resultOf(passkeys.signIn(authenticator))
    const { devices } = (await (await world.manage('GET', `/users/${user_id}/devices`)).json()) as {
      devices: { id: string }[]
    }
    await world.manage('DELETE', `/users/${user_id}/devices/${devices[0]!.id}`)
    expect((await passkeys.signIn(authenticator)).status).toBe(401)
  })

  it.each(['authenticatorData', 'clientDataJSON', 'signature', 'response', 'id', 'rawId', 'type'])(
    'the response of the authenticator has no, or a broken, %s: refused, never a fault of the server (naiba/bonds #172)',
    async (field) => {
      const { authenticator } = await signUp()
      for (const broken of [undefined, null, '', 'AA', '!', 7, {}, []]) {
        const { body } = await page('POST', '/login/webauthn/start')
        const { handshake } = body as { handshake: { id: string; challenge: { publicKey: never } } }
        const good = authenticator.signIn(handshake.challenge.publicKey)
        const handshake_response =
          field in good
            ? { ...good, [field]: broken }
            : { ...good, response: { ...good.response, [field]: broken } }
        const finish = { handshake_id: handshake.id, handshake_response }
        const { status } = await passkeys.call('/login/webauthn/finish', finish)
        expect([400, 401], JSON.stringify(broken)).toContain(status)
      }
    },
  )

  describe('a page has another of the origins of the app (Steward-Fi/steward #35)', () => {
    const www = 'https://www.app.example'
    beforeAll(async () => {
      await world.manage('PATCH', '/settings', { additional_auth_origins: [www] })
    })

    it('and its client, which compares its origin with that of the app, finds the same', async () => {
      expect((await page('GET', '/', undefined, www)).body['app']).toMatchObject({ auth_origin: www })
      expect((await page('GET', '/')).body['app']).toMatchObject({ auth_origin: origin })
      const managed = await world.manage('GET', '/')
      expect(await managed.json()).toMatchObject({ app: { auth_origin: origin } })
    })

    it('and its passkeys belong to the same domain', async () => {
      const { body } = await page('POST', '/login/webauthn/start', undefined, www)
      expect(body).toMatchObject({
        handshake: { challenge: { publicKey: { rpId: new URL(origin).hostname } } },
      })
      await resultOf(passkeys.signIn((await signUp(createAuthenticator(www))).authenticator))
    })
  })
})
