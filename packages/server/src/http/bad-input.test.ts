import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { origin, startServer, type Ask, type TestServer } from '../../test/server.ts'

let server: TestServer
/** A session that must stay live through all tests. */
let token: string
let authToken: string
let userId: string

beforeAll(async () => {
  server = await startServer({ limits: { failuresPerAddress: 1_000_000, refusalsPerSession: 1_000_000 } })
  const { result, userId: id } = await server.signIn('ada')
  userId = id
  token = result.refresh_token!
  authToken = result.auth_token
})
afterAll(() => server.stop())

/** Expects a coded error in JSON that a page of the app can read and that reveals nothing. */
async function expectCoded(response: Response, status: number, code: string): Promise<void> {
  const text = await response.text()
  expect([response.status, text]).toEqual([status, expect.stringContaining(code)])
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body = JSON.parse(text) as Record<string, unknown>
  if ('error_description' in body)
    expect(body).toEqual({ error: code, error_description: expect.any(String) })
  else expect(body).toMatchObject({ code, error: expect.any(String) })
  for (const secret of ['    at ', 'node:', '.ts:', 'SQLITE', 'SELECT', '<html', '<!', token])
    expect(text).not.toContain(secret)
}

type Case = [title: string, method: string, path: string, ask: () => Ask, status: number, code: string]
const json = (body: unknown) => () => ({ body })
const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
const large = 'x'.repeat(1_000_000)

const cases: Case[] = [
  ['malformed JSON', 'POST', '/tokens', json('{"refresh_token":'), 400, 'invalid_request'],
  ['JSON that is not an object', 'POST', '/tokens', json('[]'), 400, 'invalid_request'],
  ['the JSON value null', 'POST', '/tokens', json('null'), 400, 'invalid_request'],
  ['an empty body', 'POST', '/tokens', () => ({}), 400, 'invalid_request'],
  ['bytes that are not text', 'POST', '/tokens', json('\u0000\ufffd'), 400, 'invalid_request'],
  ['a wrong type', 'POST', '/tokens', json({ refresh_token: 1 }), 400, 'invalid_request'],
  [
    'a wrong type in a nested object',
    'POST',
    '/login/webauthn/finish',
    json({ handshake_id: 'x', handshake_response: 'y' }),
    400,
    'invalid_request',
  ],
  [
    'an unknown enum value',
    'POST',
    '/tokens',
    json({ refresh_token: 'x', activity: 'none' }),
    400,
    'invalid_request',
  ],
  ['deep nesting', 'POST', '/tokens', json('['.repeat(30_000)), 400, 'invalid_request'],
  [
    'an object with __proto__',
    'POST',
    '/tokens',
    json('{"__proto__":{"refresh_token":"x"}}'),
    400,
    'invalid_request',
  ],
  [
    'a text that is not a token',
    'POST',
    '/tokens',
    json({ refresh_token: 'junk' }),
    401,
    'invalid_refresh_token',
  ],
  ['an empty token', 'POST', '/tokens', json({ refresh_token: '' }), 401, 'invalid_refresh_token'],
  [
    'a truncated token',
    'POST',
    '/tokens',
    () => ({ body: { refresh_token: token.slice(0, -1) } }),
    401,
    'invalid_refresh_token',
  ],
  [
    'a token with extra characters',
    'POST',
    '/tokens',
    () => ({ body: { refresh_token: `${token}A` } }),
    401,
    'invalid_refresh_token',
  ],
  [
    'an auth token instead of a refresh token',
    'POST',
    '/tokens',
    () => ({ body: { refresh_token: authToken } }),
    401,
    'invalid_refresh_token',
  ],
  [
    'a token of another app',
    'POST',
    '//v1/apps/other/tokens',
    () => ({ body: { refresh_token: token } }),
    401,
    'invalid_refresh_token',
  ],
  [
    'an unknown app',
    'POST',
    '//v1/apps/nothing/tokens',
    () => ({ body: { refresh_token: token } }),
    404,
    'app_not_found',
  ],
  ['an app id of 5,000 characters', 'GET', `//v1/apps/${'a'.repeat(5000)}`, () => ({}), 404, 'app_not_found'],
  ['an app id with escaped bytes', 'GET', '//v1/apps/%00%ff%2e%2e', () => ({}), 404, 'app_not_found'],
  [
    'a sign-in of an unknown user',
    'POST',
    '/login/webauthn/start',
    json({ identifier: 'nobody' }),
    404,
    'user_not_found',
  ],
  [
    'the management of an unknown user',
    'GET',
    '/users/AAAAAAAAAAAAAAAAAAAAAA',
    () => ({ headers: bearer(server.key) }),
    404,
    'user_not_found',
  ],
  [
    'a malformed user id',
    'DELETE',
    '/users/x/tokens',
    () => ({ headers: bearer(server.key) }),
    404,
    'user_not_found',
  ],
  [
    'an unknown ceremony',
    'POST',
    '/login/webauthn/finish',
    json({ handshake_id: 'x', handshake_response: { id: 'x' } }),
    401,
    'webauthn_login_failed',
  ],
  ['a refresh of 1 MB', 'POST', '/tokens', json({ refresh_token: large }), 413, 'payload_too_large'],
  ['a sign-out of 1 MB', 'DELETE', '/tokens', json({ refresh_token: large }), 413, 'payload_too_large'],
  [
    'a new user of 1 MB',
    'POST',
    '/users',
    () => ({ body: large, headers: bearer(server.key) }),
    413,
    'payload_too_large',
  ],
  [
    'a form of 1 MB',
    'POST',
    '/oauth/token',
    () => ({ form: { refresh_token: large } }),
    413,
    'invalid_request',
  ],
  [
    'a repeated OAuth parameter',
    'POST',
    '/oauth/token',
    () => ({ form: 'client_id=demo&client_id=demo&grant_type=refresh_token' }),
    400,
    'invalid_request',
  ],
  [
    'a repeated token',
    'POST',
    '/oauth/revoke',
    () => ({ form: 'client_id=demo&token=a&token=b' }),
    400,
    'invalid_request',
  ],
  [
    'JSON instead of a form',
    'POST',
    '/oauth/token',
    () => ({ body: { grant_type: 'refresh_token' } }),
    400,
    'invalid_request',
  ],
  ['a request without an API key', 'POST', '/api-keys', json({ name: 'x' }), 401, 'invalid_access_token'],
  [
    'an unknown API key',
    'GET',
    '/users/x',
    () => ({ headers: bearer('tk1.guess') }),
    401,
    'invalid_access_token',
  ],
  [
    'a key of another app',
    'PATCH',
    '//v1/apps/other/settings',
    () => ({ body: {}, headers: bearer(server.key) }),
    401,
    'invalid_access_token',
  ],
  [
    'an auth token instead of an API key',
    'PATCH',
    '/settings',
    () => ({ body: {}, headers: bearer(authToken) }),
    401,
    'invalid_access_token',
  ],
  ['a request without an auth token', 'GET', '/currentuser', () => ({}), 401, 'invalid_access_token'],
  [
    'a lifetime out of bounds',
    'PATCH',
    '/settings',
    () => ({ body: { session_timeout_length: 4 }, headers: bearer(server.key) }),
    400,
    'invalid_request',
  ],
  [
    'settings without any limit',
    'PATCH',
    '/settings',
    () => ({
      body: { refresh_absolute_lifetime: 0, refresh_inactivity_lifetime: 0 },
      headers: bearer(server.key),
    }),
    400,
    'invalid_request',
  ],
  [
    'a malformed version',
    'PATCH',
    '/settings',
    () => ({ body: {}, headers: { ...bearer(server.key), 'if-match': '"x"' } }),
    400,
    'invalid_request',
  ],
  [
    'a negative page',
    'GET',
    '/users?page=-1',
    () => ({ headers: bearer(server.key) }),
    400,
    'invalid_request',
  ],
  [
    'a query with broken escapes',
    'GET',
    '/users?limit=%E0%A4%A',
    () => ({ headers: bearer(server.key) }),
    400,
    'invalid_request',
  ],
  [
    'a foreign origin in cookie mode',
    'POST',
    '/tokens',
    () => ({ headers: { origin: 'https://evil.example', 'tokenkeep-session': 'cookie' } }),
    403,
    'origin_not_allowed',
  ],
  ['an unknown path', 'GET', '/nothing', () => ({}), 404, 'not_found'],
  ['an unknown method', 'PUT', '/tokens', () => ({}), 404, 'not_found'],
]

describe('bad input', () => {
  for (const [title, method, path, ask, status, code] of cases)
    it(`${title}: ${status} ${code}`, async () => {
      const asked = ask()
      const headers = { origin, ...asked.headers }
      const response = await server.ask(method, path, { ...asked, headers })
      if (headers.origin === origin && code !== 'app_not_found')
        expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      await expectCoded(response, status, code)
    })

  it('is ignored by a sign-out without a valid token: 200', async () => {
    for (const body of ['{', '[]', undefined, { refresh_token: 'junk' }, { refresh_token: 1 }])
      expect((await server.ask('DELETE', '/tokens', { body })).status).toBe(200)
  })

  it('never ends the session', async () => {
    const response = await server.refresh(token)
    expect(response.status).toBe(201)
    ;({
      auth_result: { refresh_token: token },
    } = (await response.json()) as { auth_result: { refresh_token: string } })
  })
})

describe('malformed HTTP', () => {
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => (answer += chunk.toString()))
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  const cases: [string, string, number][] = [
    ['junk', 'hello\r\n\r\n', 400],
    ['very long headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['a malformed host', 'GET /livez HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400],
  ]
  for (const [title, text, status] of cases)
    it(`${title}: ${status}, and reveals nothing`, async () => {
      const answer = await raw(text)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      for (const secret of ['<', '    at ', 'node:']) expect(answer).not.toContain(secret)
    })
})

describe('the verification of auth tokens (RFC 8725)', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const read = (text: string, at: number) =>
    JSON.parse(Buffer.from(text.split('.')[at]!, 'base64url').toString()) as Record<string, unknown>
  const me = (value: string) => server.ask('GET', '/currentuser', { headers: bearer(value) })
  const mine = generateKeyPairSync('ed25519')

  it('accepts a token of this server', async () => {
    expect((await me(authToken)).status).toBe(200)
    expect(read(authToken, 0)).toMatchObject({ typ: 'JWT', alg: 'EdDSA' })
  })

  const forged: [string, () => string | Promise<string>][] = [
    [
      'alg none, no signature',
      () => `${part({ ...read(authToken, 0), alg: 'none' })}.${authToken.split('.')[1]}.`,
    ],
    ['no signature', () => authToken.replace(/[^.]+$/, '')],
    [
      'an HMAC with the public key as its secret',
      async () => {
        const { keys } = (await (await server.ask('GET', '/.well-known/jwks.json')).json()) as {
          keys: { x: string }[]
        }
        const text = `${part({ ...read(authToken, 0), alg: 'HS256' })}.${authToken.split('.')[1]}`
        return `${text}.${createHmac('sha256', Buffer.from(keys[0]!.x, 'base64url')).update(text).digest('base64url')}`
      },
    ],
    ...(['jwk', 'jku', 'x5u'] as const).map((name): [string, () => string] => [
      `a foreign key in ${name}`,
      () => {
        const value = name === 'jwk' ? mine.publicKey.export({ format: 'jwk' }) : 'https://evil.example/keys'
        const text = `${part({ ...read(authToken, 0), [name]: value })}.${authToken.split('.')[1]}`
        return `${text}.${sign(null, Buffer.from(text), mine.privateKey).toString('base64url')}`
      },
    ]),
    [
      'another type',
      () => `${part({ ...read(authToken, 0), typ: 'at+jwt' })}.${authToken.split('.').slice(1).join('.')}`,
    ],
    [
      'another key id',
      () => `${part({ ...read(authToken, 0), kid: 'x' })}.${authToken.split('.').slice(1).join('.')}`,
    ],
    [
      'changed claims',
      () =>
        `${authToken.split('.')[0]}.${part({ ...read(authToken, 1), exp: 9e9 })}.${authToken.split('.')[2]}`,
    ],
    ['five parts', () => `${authToken}.x.y`],
    ['a refresh token', () => token],
    ['an API key', () => server.key],
    ['1,000 dots', () => '.'.repeat(1000)],
  ]
  for (const [title, forge] of forged)
    it(`refuses ${title}`, async () => expectCoded(await me(await forge()), 401, 'invalid_access_token'))

  it('refuses a token of another app and a token of an ended session', async () => {
    const other = await server.ask('GET', '//v1/apps/other/currentuser', { headers: bearer(authToken) })
    await expectCoded(other, 401, 'invalid_access_token')
    await server.manage('DELETE', `/users/${userId}/tokens`)
    await expectCoded(await me(authToken), 401, 'invalid_access_token')
  })
})

describe('the claims and the lifetime of auth tokens', () => {
  const claims = (text: string) =>
    JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()) as Record<string, number>

  it('an auth token has the claims of RFC 9068, and no other secret is accepted as one', async () => {
    const { result } = await server.signIn()
    for (const name of ['iss', 'exp', 'aud', 'sub', 'iat', 'nbf', 'jti', 'sid', 'auth_time'])
      expect(claims(result.auth_token)).toHaveProperty(name)
    for (const other of [result.refresh_token!, server.key])
      expect((await server.ask('GET', '/currentuser', { headers: bearer(other) })).status).toBe(401)
  })

  it('an auth token lives for the configured 5 to 600 seconds', async () => {
    const set = async (session_timeout_length: number): Promise<number> => {
      const body = { session_timeout_length }
      return (await server.ask('PATCH', '/settings', { body, headers: bearer(server.key) })).status
    }
    for (const wrong of [4, 601, 0, -5, 5.5, 1e9]) expect([wrong, await set(wrong)]).toEqual([wrong, 400])
    for (const right of [5, 600, 300]) {
      expect(await set(right)).toBe(200)
      const { iat, exp, nbf } = claims((await server.signIn()).result.auth_token)
      expect(exp! - iat!).toBe(right)
      expect(nbf).toBe(iat)
    }
  })
})

describe('the rotation of signing keys', () => {
  it('accepts the tokens from before, between and after rotations, and publishes their keys', async () => {
    const kid = (text: string) =>
      (JSON.parse(Buffer.from(text.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid
    const tokens = [(await server.signIn()).result.auth_token]
    for (const alg of ['EdDSA', 'ES256', 'EdDSA']) {
      expect((await server.manage('POST', '/signing-keys', { alg })).status).toBe(201)
      tokens.push((await server.signIn()).result.auth_token)
    }
    expect(new Set(tokens.map(kid)).size).toBe(4)
    const { keys } = (await (await server.ask('GET', '/.well-known/jwks.json')).json()) as {
      keys: { kid: string }[]
    }
    for (const text of tokens) {
      expect(keys.map((key) => key.kid)).toContain(kid(text))
      expect((await server.ask('GET', '/currentuser', { headers: bearer(text) })).status).toBe(200)
    }
  })
})
