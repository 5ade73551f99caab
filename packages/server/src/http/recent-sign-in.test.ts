import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { createCeremonies } from '../../test/ceremonies.ts'
import { contentOf, makeVictim } from '../../test/hostile.ts'
import { places } from '../../test/stores.ts'
import { baseUrl, minute, resultOf, worldOfSuite } from '../../test/world.ts'
import { createApiKey } from '../index.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { operations } from './openapi/all.ts'
import { needsRecentSignIn } from './recent-sign-in.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

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
  const isRefused = async (answer: Response): Promise<boolean> =>
    answer.headers.get('www-authenticate') ===
      'Bearer error="insufficient_user_authentication", max_age="600"' &&
    ((await answer.json()) as { code: string }).code === 'insufficient_user_authentication'

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
