import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { contentOf, makeVictim } from '../../test/hostile.ts'
import { places } from '../../test/stores.ts'
import { baseUrl, minute, origin, resultOf, worldOfSuite } from '../../test/world.ts'
import { createApiKey } from '../index.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { operations } from './openapi/all.ts'
import { needsRecentSignIn } from './recent-sign-in.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const isRefused = async (answer: Response): Promise<boolean> =>
  answer.headers.get('www-authenticate') ===
    'Bearer error="insufficient_user_authentication", max_age="600"' &&
  ((await answer.json()) as { code: string }).code === 'insufficient_user_authentication'

describe.each(places)('a change by an administrator, on $name (T23, T25)', async ({ make }) => {
  const world = await worldOfSuite(make)
  await prepareConsole(world.store, baseUrl, world.now)
  const { secret: key } = await createApiKey(world.store, 'console', 'tests', 'system', world.now)
  const ofConsole = (method: string, path: string, body?: object) =>
    world.ask(method, `//v1/apps/console${path}`, body, bearer(key))
  /** Signs an administrator in who authenticated this long ago. Milliseconds. */
  const makeAdmin = async (ago: number, id?: string) => {
    const made =
      id ??
      (
        (await (
          await ofConsole('POST', '/users', { identifier: `${Math.random()}`, role: 'owner' })
        ).json()) as { user: { id: string } }
      ).user.id
    const body = { auth_time: Math.floor((world.now - ago) / 1000) }
    const { auth_token: token } = await resultOf(ofConsole('POST', `/users/${made}/sessions`, body))
    return { id: made, token }
  }
  const send = (method: string, path: string, victim: Readonly<Record<string, string>>, token: string) =>
    world.ask(
      method.toUpperCase(),
      `/${path.replace(':app', 'demo').replaceAll(/:(\w+)/g, (_, name: string) => victim[name]!)}`,
      method === 'get' ? undefined : {},
      bearer(token),
    )
  it('needs a sign-in of the last ten minutes at every route that changes something, and nothing changes without', async () => {
    const stale = await makeAdmin(10 * minute + 1000)
    const victim = await makeVictim(world)
    const before = await contentOf(world)
    const grave = operations.filter(needsRecentSignIn)
    expect(grave.length).toBeGreaterThan(15)
    for (const { method, path } of grave) {
      const answer = await send(method, path, victim, stale.token)
      expect([answer.status, await isRefused(answer)], `${method} ${path}`).toEqual([401, true])
    }
    expect(await contentOf(world)).toBe(before)
  })

  it('needs none to read, or to end the sessions of a user at once', async () => {
    const stale = await makeAdmin(10 * minute + 1000)
    const managed = operations.filter(
      ({ scope, needs }) => scope && (needs === 'key' || needs === 'instance key'),
    )
    for (const operation of managed) {
      if (needsRecentSignIn(operation) || operation.scope === 'introspect') continue
      const { method, path } = operation
      const { status } = await send(method, path, await makeVictim(world), stale.token)
      expect(status, `${method} ${path}`).toBeLessThan(300)
    }
  })

  it('works ten minutes after the sign-in, and with an API key at any time', async () => {
    const path = '/v1/apps/:app/signing-keys'
    const recent = await makeAdmin(10 * minute - 1000)
    for (const token of [recent.token, key]) expect((await send('post', path, {}, token)).status).toBe(201)
  })

  it('works after the administrator has confirmed with a passkey, with the same auth token', async () => {
    const passkeys = createCeremonies(world, 'console', baseUrl)
    const authenticator = createAuthenticator(baseUrl)
    const { id, token: fresh } = await makeAdmin(0)
    expect((await passkeys.add(authenticator, fresh)).status).toBe(201)
    const { token } = await makeAdmin(11 * minute, id)
    const rotate = () => send('post', '/v1/apps/:app/signing-keys', {}, token)
    expect(await isRefused(await rotate())).toBe(true)
    expect((await passkeys.reauthenticate(authenticator, token)).status).toBe(200)
    expect((await rotate()).status).toBe(201)
  })

  it('needs it for passkeys of their own: else who finds the Console open could confirm with a new one', async () => {
    const passkeys = createCeremonies(world, 'console', baseUrl)
    const { id, token: fresh } = await makeAdmin(0)
    for (const each of [1, 2]) {
      expect((await passkeys.add(createAuthenticator(baseUrl), fresh)).status, `passkey ${each}`).toBe(201)
    }
    const { token } = await makeAdmin(11 * minute, id)
    const before = await contentOf(world)
    expect(await isRefused(await passkeys.add(createAuthenticator(baseUrl), token))).toBe(true)
    const list = await world.ask('GET', '//v1/apps/console/currentuser/devices', undefined, bearer(token))
    const { devices } = (await list.json()) as { devices: { id: string }[] }
    expect(devices).toHaveLength(2)
    const path = `//v1/apps/console/currentuser/devices/${devices[0]!.id}`
    expect(await isRefused(await world.ask('DELETE', path, undefined, bearer(token)))).toBe(true)
    expect(await contentOf(world)).toBe(before)
  })
})

describe.each(places)('a change of passkeys by a user, on $name (T23)', async ({ make }) => {
  const world = await worldOfSuite(make)
  const passkeys = createCeremonies(world)
  const remove = (id: string, token: string) =>
    world.ask('DELETE', `/currentuser/devices/${id}`, undefined, bearer(token))
  const list = async (token: string) => {
    const answer = await world.ask('GET', '/currentuser/devices', undefined, bearer(token))
    return ((await answer.json()) as { devices: { id: string }[] }).devices.map(({ id }) => id)
  }
  /** Makes a user with two passkeys, and returns one of them and an auth token eleven minutes later. */
  const makeOldSession = async () => {
    const own = createAuthenticator(origin)
    const identifier = `${Math.random()}@example.com`
    const { auth_token: fresh, refresh_token } = await resultOf(passkeys.signUp(own, { identifier }))
    expect((await passkeys.add(createAuthenticator(origin), fresh)).status).toBe(201)
    world.now += 11 * minute
    const { auth_token: token } = await resultOf(world.refresh(refresh_token!))
    return { own, token }
  }

  it('needs a sign-in of the last ten minutes: a thief of an auth token adds no passkey, and removes none', async () => {
    const { token } = await makeOldSession()
    const [first] = await list(token)
    const before = await contentOf(world)
    expect(await isRefused(await passkeys.add(createAuthenticator(origin), token))).toBe(true)
    expect(await isRefused(await remove(first!, token))).toBe(true)
    expect(await contentOf(world)).toBe(before)
  })

  it('works in an old session after a confirmation', async () => {
    const { own, token } = await makeOldSession()
    expect((await passkeys.reauthenticate(own, token)).status).toBe(200)
    expect((await passkeys.add(createAuthenticator(origin), token)).status).toBe(201)
    const [first, ...others] = await list(token)
    expect((await remove(first!, token)).status).toBe(200)
    expect(await list(token)).toEqual(others)
  })

  it('works in any session if the app says `any-time`, as clients for Passage expect', async () => {
    const { token } = await makeOldSession()
    await world.manage('PATCH', '/settings', { passkey_changes: 'any-time' })
    expect((await passkeys.add(createAuthenticator(origin), token)).status).toBe(201)
    const [first] = await list(token)
    expect((await remove(first!, token)).status).toBe(200)
    await world.manage('PATCH', '/settings', { passkey_changes: 'recent-sign-in' })
  })
})
