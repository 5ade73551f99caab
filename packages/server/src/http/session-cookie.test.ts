import type { AuthResult } from '@tokenkeep/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { origin, startServer, type TestServer } from '../../test/server.ts'

let server: TestServer
let now = Date.now()
beforeAll(async () => {
  server = await startServer({ now: () => now })
})
afterAll(() => server.stop())

const mode = { origin, 'tokenkeep-session': 'cookie' }
const setCookie = (response: Response): string => response.headers.getSetCookie()[0] ?? ''
/** The cookie that a browser sends back. */
const jar = (response: Response): { cookie: string } => ({ cookie: setCookie(response).split(';')[0]! })
const body = async (response: Response): Promise<AuthResult> =>
  ((await response.json()) as { auth_result: AuthResult }).auth_result
const refresh = (headers: Record<string, string>) =>
  server.ask('POST', '/tokens', { headers: { ...mode, ...headers } })
const signOut = (headers: Record<string, string>, body?: object) =>
  server.ask('DELETE', '/tokens', { headers: { ...mode, ...headers }, body })

/** A session whose refresh token is in the cookie. */
async function signedIn(): Promise<{ cookie: string; token: string }> {
  const { result } = await server.signIn()
  return { cookie: `tokenkeep-demo=${result.refresh_token}`, token: result.refresh_token! }
}

/** The retry ids of a page's refresh in this round. */
const ids = (round: number) => ({
  'idempotency-key': `a${round}`,
  'tokenkeep-last-attempt': round > 1 ? `a${round - 1}` : '',
})
const typesOfEvents = async (): Promise<string[]> => {
  const response = await server.manage('GET', '/events?type=reuse&limit=10')
  return ((await response.json()) as { events: { type: string }[] }).events.map(({ type }) => type)
}

describe('refresh', () => {
  it('puts the successor into an HttpOnly, same-site cookie of this host and not into the body', async () => {
    const { cookie } = await signedIn()
    const response = await refresh({ cookie })
    expect(response.status).toBe(201)
    const set = setCookie(response)
    expect(set).toMatch(/^tokenkeep-demo=rt1\./)
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(set.split('; ')).toContain(part)
    expect(set).not.toMatch(/domain/i)
    const age = Number(/Max-Age=(\d+)/.exec(set)![1])
    expect(age).toBeGreaterThan(7 * 86_400 - 10)
    const result = await body(response)
    expect(result).not.toHaveProperty('refresh_token')
    expect(result.refresh_token_expiration).toBeGreaterThan(now / 1000)
    expect(JSON.stringify(result)).not.toContain('rt1.')
  })

  it('allows only the app’s pages to send the cookie and to read the response', async () => {
    const { cookie } = await signedIn()
    const response = await refresh({ cookie })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
    expect((await refresh({ ...jar(response), origin: 'https://admin.app.example' })).status).toBe(201)
  })

  it('refuses any origin that is not of the app, and does not end the session', async () => {
    const { cookie } = await signedIn()
    for (const origin of [
      'https://evil.example',
      'https://app.example.evil.example',
      'null',
      'http://app.example',
      '',
    ]) {
      const response = await refresh({ cookie, origin })
      expect([origin, response.status]).toEqual([origin, 403])
      expect(await response.json()).toMatchObject({ code: 'origin_not_allowed' })
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect((await refresh({ cookie })).status).toBe(201)
  })

  it('ignores the cookie without the header Tokenkeep-Session', async () => {
    const { cookie } = await signedIn()
    expect((await server.ask('POST', '/tokens', { headers: { origin, cookie } })).status).toBe(400)
    expect((await server.ask('DELETE', '/tokens', { headers: { origin, cookie } })).status).toBe(200)
    expect((await refresh({ cookie })).status).toBe(201)
  })

  it('refuses a missing or foreign cookie like an invalid token', async () => {
    for (const headers of [{}, { cookie: 'tokenkeep-demo=junk' }, { cookie: 'tokenkeep-other=rt1.x' }]) {
      const response = await refresh(headers)
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ code: 'invalid_refresh_token' })
    }
  })

  it('reads the activity from the body', async () => {
    const { cookie } = await signedIn()
    const response = await server.ask('POST', '/tokens', {
      headers: { ...mode, cookie },
      body: { activity: 'background' },
    })
    expect(response.status).toBe(201)
    const wrong = await server.ask('POST', '/tokens', {
      headers: { ...mode, ...jar(response) },
      body: { activity: 1 },
    })
    expect(wrong.status).toBe(400)
  })

  it('T14, H2: serves a cookie that was restored to an older state, however old, and as often as it happens', async () => {
    const { cookie: oldest } = await signedIn()
    let cookie = oldest
    for (let round = 1; round < 4; round++) ({ cookie } = jar(await refresh({ cookie, ...ids(round) })))
    // The browser is killed before it has stored the new cookies. The page’s own record is newer.
    for (let round = 4; round < 8; round++) {
      now += 86_400_000
      expect((await refresh({ cookie: oldest, ...ids(round) })).status).toBe(201)
    }
    expect(await typesOfEvents()).toEqual([])
  })

  it('serves a page that repeats its refresh with the cookie of the answer that it lost', async () => {
    const { cookie } = await signedIn()
    const lost = jar(await refresh({ cookie, ...ids(1) }))
    // The browser has stored the cookie, but the page was closed before it wrote its record.
    expect((await refresh({ ...lost, ...ids(1) })).status).toBe(201)
    expect((await refresh({ cookie, ...ids(2) })).status).toBe(201)
    expect(await typesOfEvents()).toEqual([])
  })

  it('T13: serves the copy of a page, whose record is older than the cookie', async () => {
    const { cookie } = await signedIn()
    const first = jar(await refresh({ cookie, ...ids(1) }))
    const second = jar(await refresh({ ...first, ...ids(2) }))
    const third = jar(await refresh({ ...second, ...ids(1) }))
    expect((await refresh({ ...third, ...ids(3) })).status).toBe(201)
    expect(await typesOfEvents()).toEqual([])
  })

  it('does not clear the cookie on a refusal, because the response can be older than the cookie', async () => {
    const { cookie, token } = await signedIn()
    await server.ask('DELETE', '/tokens', { body: { refresh_token: token } })
    const response = await refresh({ cookie })
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, []])
  })
})

describe('sign-out', () => {
  it('ends the session of the cookie and clears it', async () => {
    const { cookie, token } = await signedIn()
    const response = await signOut({ cookie })
    expect(response.status).toBe(200)
    expect(setCookie(response)).toMatch(/^tokenkeep-demo=;.*Max-Age=0/)
    expect((await server.refresh(token)).status).toBe(401)
    expect((await signOut({})).status).toBe(200)
  })

  it('ends only the named session, so that a late sign-out does not end a newer one', async () => {
    const { cookie, token } = await signedIn()
    const late = await signOut({ cookie }, { session_id: 'AAAAAAAAAAAAAAAAAAAAAA' })
    expect([late.status, late.headers.getSetCookie()]).toEqual([200, []])
    expect((await server.refresh(token)).status).toBe(201)
  })

  it('refuses any origin that is not of the app', async () => {
    const { cookie, token } = await signedIn()
    expect((await signOut({ cookie, origin: 'https://evil.example' })).status).toBe(403)
    expect((await server.refresh(token)).status).toBe(201)
  })
})

it('sets the cookie with __Host-, Secure and no domain on https', async () => {
  const secure = await startServer({ baseUrl: 'https://auth.example' })
  try {
    const { result } = await secure.signIn()
    const headers = { ...mode, cookie: `__Host-tokenkeep-demo=${result.refresh_token}` }
    const response = await secure.ask('POST', '/tokens', { headers })
    expect(response.status).toBe(201)
    const set = setCookie(response)
    expect(set).toMatch(/^__Host-tokenkeep-demo=rt1\./)
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'])
      expect(set.split('; ')).toContain(part)
    expect(set).not.toMatch(/domain/i)
    const plain = { ...mode, cookie: `tokenkeep-demo=${result.refresh_token}` }
    expect((await secure.ask('POST', '/tokens', { headers: plain })).status).toBe(401)
  } finally {
    await secure.stop()
  }
})

describe('a sign-in with a passkey', () => {
  interface Begun {
    readonly handshake: {
      readonly id: string
      readonly challenge: { readonly publicKey: { readonly challenge: string } }
    }
  }
  const authenticator = createAuthenticator(origin)
  async function ceremony(of: 'register' | 'login', headers: Record<string, string>): Promise<Response> {
    const body = of === 'register' ? { identifier: 'grace' } : {}
    const started = await server.ask('POST', `/${of}/webauthn/start`, {
      headers: { ...headers, origin },
      body,
    })
    const { handshake } = (await started.json()) as Begun
    const { publicKey } = handshake.challenge
    const handshake_response =
      of === 'register' ? authenticator.register(publicKey) : authenticator.signIn(publicKey)
    const finish = { handshake_id: handshake.id, handshake_response }
    return server.ask('POST', `/${of}/webauthn/finish`, { headers, body: finish })
  }

  it('puts the refresh token into the cookie, and ends the session of the previous cookie', async () => {
    const up = await ceremony('register', mode)
    expect(up.status).toBe(200)
    expect(await body(up)).not.toHaveProperty('refresh_token')
    const first = jar(up)
    expect(first.cookie).toMatch(/^tokenkeep-demo=rt1\./)

    const again = await ceremony('login', { ...mode, ...first })
    expect(again.status).toBe(200)
    const second = jar(again)
    expect(second).not.toEqual(first)
    expect(await (await refresh(first)).json()).toMatchObject({
      code: 'invalid_refresh_token',
      reason: 'revoked',
    })
    expect((await refresh(second)).status).toBe(201)
  })

  it('does not use up the ceremony or open a session for a page of another origin', async () => {
    const refused = await ceremony('login', { ...mode, origin: 'https://evil.example' })
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []])
  })

  it('sets no cookie without the header Tokenkeep-Session', async () => {
    const plain = await ceremony('login', { origin })
    expect(plain.headers.getSetCookie()).toEqual([])
    expect(await body(plain)).toHaveProperty('refresh_token')
  })
})
