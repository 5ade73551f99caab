import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClientSecret } from '../tokens/api-keys.ts'
import { places } from '../../test/stores.ts'
import { createWorld, minute, resultOf, type World } from '../../test/world.ts'

const place = await places[0]!.make()
let world: World
let secret: string

beforeAll(async () => {
  world = await createWorld(place.url)
  secret = (await createClientSecret(world.store, 'demo', 'tests', 'system', world.now)).secret
})
afterAll(async () => {
  await world.close()
  place.remove()
})

const basic = (id: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`,
})
/** The id that a client derives from its secret and the token. */
const idOf = (token: string): string => `id of ${token}`
const refresh = (token: string, headers: Record<string, string>, id = idOf(token)): Promise<Response> =>
  world.ask('POST', '/tokens', { refresh_token: token }, { 'idempotency-key': id, ...headers })
const form = async (token: string, headers: Record<string, string>, id = idOf(token)): Promise<Response> =>
  world.server.fetch(
    new Request('https://auth.example/v1/apps/demo/oauth/token', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': id,
        ...headers,
      },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'demo',
        refresh_token: token,
      }),
    }),
  )

/** Signs a user in and refreshes `count` times. Returns the tokens of all generations. */
async function generations(count: number): Promise<{ tokens: string[]; user: string }> {
  const { result, userId } = await world.signIn()
  const tokens = [result.refresh_token!]
  while (tokens.length <= count) tokens.push((await resultOf(refresh(tokens.at(-1)!, {}))).refresh_token!)
  return { tokens, user: userId }
}
const events = async (type: string, user: string): Promise<number> => {
  const response = await world.manage('GET', `/events?type=${type}&limit=100`)
  const { events: all } = (await response.json()) as { events: { user_id?: string }[] }
  return all.filter(({ user_id }) => user_id === user).length
}

describe('an app server that has authenticated', () => {
  it('R08: gets the current token for any older one that it proves, again and again', async () => {
    const { tokens } = await generations(8)
    for (const token of [...tokens.slice(0, -1), tokens[0]!, tokens[3]!]) {
      const body = await resultOf(refresh(token, basic('demo', secret)))
      expect(body.refresh_token).toBe(tokens.at(-1))
      const oauth = (await (await form(token, basic('demo', secret))).json()) as { refresh_token: string }
      expect(oauth.refresh_token).toBe(tokens.at(-1))
    }
  })

  it('R08: others are told that the token is superseded, in both dialects', async () => {
    const { tokens } = await generations(3)
    const native = await refresh(tokens[0]!, {})
    expect([native.status, await native.json()]).toMatchObject([409, { code: 'superseded' }])
    const oauth = await form(tokens[0]!, {})
    expect([oauth.status, await oauth.json()]).toMatchObject([
      400,
      { error: 'invalid_grant', superseded: true },
    ])
  })

  it('R09: is refused, and ends nothing, for a token that is too old to be proven', async () => {
    const { tokens, user } = await generations(10)
    expect((await refresh(tokens[0]!, basic('demo', secret))).status).toBe(409)
    expect(await events('reuse', user)).toBe(0)
    expect((await refresh(tokens.at(-1)!, basic('demo', secret))).status).toBe(201)
    // From any other client, a token this old counts as stolen.
    expect((await refresh(tokens[0]!, {})).status).toBe(401)
    expect(await events('reuse', user)).toBe(1)
  })

  it('J12: a token with a wrong proof counts as stolen, even if the app server sends it', async () => {
    const { tokens, user } = await generations(3)
    expect((await refresh(tokens[1]!, basic('demo', secret), 'guessed')).status).toBe(401)
    expect(await events('reuse', user)).toBe(1)
  })

  it('R38: is not limited for the refused refreshes of its users', async () => {
    const { tokens, user } = await generations(1)
    await world.manage('DELETE', `/users/${user}/tokens`)
    for (let round = 0; round < 30; round++) {
      const response = await refresh(tokens[1]!, basic('demo', secret))
      expect([response.status, await response.json()]).toMatchObject([401, { reason: 'revoked' }])
    }
  })

  it('R40: a replay long after the rotation counts as activity, unless it is in the background', async () => {
    const { tokens } = await generations(1)
    const left = async (body: object): Promise<number> => {
      const response = await world.ask('POST', '/tokens', body, {
        'idempotency-key': idOf(tokens[0]!),
        ...basic('demo', secret),
      })
      return (await resultOf(response)).inactivity_expires_in!
    }
    const full = await left({ refresh_token: tokens[0] })
    world.now += 10 * minute
    expect(await left({ refresh_token: tokens[0], activity: 'background' })).toBe(full - 600)
    expect(await left({ refresh_token: tokens[0] })).toBe(full)
    world.now += 10 * minute
    expect(await left({ refresh_token: tokens[0] })).toBe(full)
  })

  it('is refused with wrong credentials, an API key, or the secret of another app', async () => {
    const { tokens } = await generations(1)
    await world.store.apps.add('other', (await world.store.apps.find('demo'))!, 'system', world.now)
    const other = await createClientSecret(world.store, 'other', 'tests', 'system', world.now)
    for (const headers of [
      basic('demo', 'cs1.wrong'),
      basic('demo', world.key),
      basic('other', secret),
      basic('demo', other.secret),
    ]) {
      const response = await refresh(tokens[1]!, headers)
      expect([response.status, await response.json()]).toMatchObject([401, { code: 'invalid_client' }])
    }
    expect((await refresh(tokens[1]!, basic('demo', secret))).status).toBe(201)
  })

  // 201 or 200: refreshed. 403: this dialect cannot prove what the app requires. 401: the client has not proven it.
  it.each([
    { client_auth: 'none', alone: [201, 200], withSecret: [201, 200] },
    { client_auth: 'secret', alone: [403, 401], withSecret: [201, 200] },
    { client_auth: 'private_key_jwt', alone: [403, 401], withSecret: [401, 401] },
  ])('meets client_auth $client_auth in both dialects', async ({ client_auth, alone, withSecret }) => {
    const { tokens } = await generations(0)
    const token = tokens[0]!
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    const set = (modes: object) => world.manage('PATCH', '/settings', modes)
    expect((await set({ client_auth, client_jwks: { keys: [jwk] } })).status).toBe(200)
    const proof = basic('demo', secret)
    expect([(await refresh(token, {})).status, (await form(token, {})).status]).toEqual(alone)
    expect([(await refresh(token, proof)).status, (await form(token, proof)).status]).toEqual(withSecret)
    expect((await set({ client_auth: 'none', client_jwks: { keys: [] } })).status).toBe(200)
  })

  it('manages nothing and opens no session with its secret', async () => {
    const { user } = await generations(0)
    for (const headers of [{ authorization: `Bearer ${secret}` }, basic('demo', secret)])
      expect((await world.ask('POST', `/users/${user}/sessions`, undefined, headers)).status).toBe(401)
  })
})
