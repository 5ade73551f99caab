import { beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { places } from '../../test/stores.ts'
import { origin, worldOfSuite } from '../../test/world.ts'

// Where strangers cannot sign up, they cannot find out who has an account (ASVS 6.3.8, WebAuthn section 14.6.2).
describe.each(places)('while public sign-up is off, on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const ada = createAuthenticator(origin)

  beforeAll(async () => {
    expect((await passkeys.signUp(ada, { identifier: 'ada' })).status).toBe(200)
    await world.manage('POST', '/users', { identifier: 'without-passkey' })
    const made = await world.manage('POST', '/users', { identifier: 'inactive' })
    const { user } = (await made.json()) as { user: { id: string } }
    await world.manage('PATCH', `/users/${user.id}/deactivate`)
    await world.manage('PATCH', '/settings', { public_signup: false })
  })
  const names = ['ada', 'without-passkey', 'inactive', 'nobody', 'nobody-else']

  /** The form of a JSON value: random texts become their kind. */
  const formOf = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((each) => formOf(each))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, formOf(each, name)]))
    return key === 'id' || key === 'challenge' ? typeof value : value
  }
  const ask = async (name: string) => {
    const looked = await world.ask('GET', `/users?identifier=${name}`)
    const started = await passkeys.call('/login/webauthn/start', { identifier: name })
    const signedUp = await passkeys.startSignUp({ identifier: name })
    const invited = await passkeys.startSignUp({ identifier: name, invitation: 'wrong' })
    return Promise.all(
      [looked, started, signedUp, invited].map(
        async (answer) => [answer.status, await answer.json()] as const,
      ),
    )
  }

  it('every name gets an answer of the same form', async () => {
    const [first, ...others] = await Promise.all(names.map(async (name) => formOf(await ask(name))))
    for (const other of others) expect(other).toEqual(first)
    expect((first as [number][]).map(([status]) => status)).toEqual([200, 200, 403, 403])
  })

  it('a name gets the same ids each time, and another name gets others', async () => {
    const idsOf = async (name: string) => {
      const [[, looked], [, started]] = (await ask(name)) as unknown as [
        [number, { user: { id: string } }],
        [
          number,
          {
            user: { id: string }
            handshake: { challenge: { publicKey: { allowCredentials: { id: string }[] } } }
          },
        ],
      ]
      expect(started.user.id).toBe(looked.user.id)
      const credentials = started.handshake.challenge.publicKey.allowCredentials.map(({ id }) => id)
      expect(credentials).toHaveLength(1)
      return [looked.user.id, ...credentials]
    }
    for (const name of names) expect(await idsOf(name)).toEqual(await idsOf(name.toUpperCase()))
    const all = (await Promise.all(names.map(idsOf))).flat()
    expect(new Set(all).size).toBe(all.length)
  })

  it('a person with a passkey still signs in, by name and without', async () => {
    expect((await passkeys.signIn(ada, { identifier: 'ada' })).status).toBe(200)
    expect((await passkeys.signIn(ada)).status).toBe(200)
    expect((await passkeys.signIn(ada, { identifier: 'nobody' })).status).toBe(401)
  })
})
