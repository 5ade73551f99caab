import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { origin, startServer, type TestServer } from '../../test/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const foreign = 'https://unlisted.example'
const preflight = (path: string, headers: string) =>
  server.ask('OPTIONS', path, {
    headers: {
      origin: foreign,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  })
/** Sends what a page of another origin sends. The browser shows the answer to the page if the preflight and the answer allow it. */
const ask = (path: string, body: object, headers = {}) =>
  server.ask('POST', path, {
    body,
    headers: { origin: foreign, 'content-type': 'application/json', ...headers },
  })

describe('a page whose origin is not listed', () => {
  it.each(['/tokens', '/login/webauthn/start', '/register/webauthn/start', '/oauth/token'])(
    'can read why %s refuses it (case H2)',
    async (path) => {
      const allowed = (await preflight(path, 'content-type')).headers
      expect(allowed.get('access-control-allow-origin')).toBe(foreign)
      expect(allowed.get('access-control-allow-headers')).toContain('content-type')
      const refused = await ask(path, {})
      expect(refused.status).toBe(403)
      expect(refused.headers.get('access-control-allow-origin')).toBe(foreign)
      expect(refused.headers.get('vary')).toContain('Origin')
      expect(await refused.text()).toContain(
        `${foreign} is not an origin of this app: add it to the app's origins in the Console`,
      )
    },
  )

  it('gets nothing else: no credentials, no tokens, no effect (case H2)', async () => {
    const allowed = (await preflight('/tokens', 'authorization,tokenkeep-session')).headers
    expect(allowed.get('access-control-allow-credentials')).toBeNull()
    expect(allowed.get('access-control-allow-headers')).not.toMatch(/authorization|tokenkeep-session/)
    const { result } = await server.signIn()
    const refused = await ask('/tokens', { refresh_token: result.refresh_token })
    expect([refused.status, refused.headers.get('access-control-allow-credentials')]).toEqual([403, null])
    expect(Object.keys((await refused.json()) as object)).toEqual(['code', 'error'])
    // The refresh token was not used.
    expect((await server.refresh(result.refresh_token!, { origin })).status).toBe(201)
    const manages = await server.ask('GET', '/users', {
      headers: { origin: foreign, authorization: `Bearer ${server.key}` },
    })
    expect([manages.status, manages.headers.get('access-control-allow-origin')]).toEqual([200, null])
  })

  it('does not count against the rate limits of its visitors (case H2)', async () => {
    for (let tries = 0; tries < 150; tries++)
      expect((await ask('/login/webauthn/start', {})).status).toBe(403)
    const start = await server.ask('POST', '/login/webauthn/start', { body: {}, headers: { origin } })
    expect(start.status).toBe(200)
  })
})

it('a page of any origin can read that there is no such app (case H2)', async () => {
  const path = '//v1/apps/no-such-app/tokens'
  expect((await preflight(path, 'content-type')).headers.get('access-control-allow-origin')).toBe(foreign)
  const refused = await ask(path, {})
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([404, foreign])
  expect(await refused.json()).toMatchObject({ code: 'app_not_found' })
})

it('a page of the server itself and a client that is no page are not refused (case H2)', async () => {
  const start = (headers: Record<string, string>) =>
    server.ask('POST', '/login/webauthn/start', { body: {}, headers })
  expect((await start({ origin: server.url })).status).toBe(200)
  expect((await start({})).status).toBe(200)
})
