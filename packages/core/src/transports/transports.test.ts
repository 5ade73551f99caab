import { endReason } from '@tokenkeep/protocol'
import { describe, expect, it } from 'vitest'
import { customStore } from '../stores/custom-store.ts'
import { functionTransport } from './function-transport.ts'
import { oauth } from './oauth.ts'
import { identity, signIn } from '../tabs/protocol.ts'
import type { Answer } from '../tabs/protocol.ts'
import { sessionServer } from './session-server.ts'

const request = {
  session: { id: 's', userId: 'u', renewable: true },
  refreshToken: 'rt',
  retryId: 'a',
}
const now = 1_000_000

describe('every status, body and header: only a refusal of the session ends it', () => {
  const statuses = [
    200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 408, 409, 410, 418, 422, 425, 429, 500, 502, 503, 504,
  ]
  const bodies = [
    '',
    '<html>Sign in to our hotel</html>',
    'null',
    '[]',
    '{}',
    '{"error":"invalid_client"}',
    '{"error":"invalid_request"}',
    '{"error":"invalid_grant"}',
    '{"code":"invalid_refresh_token","error":""}',
    '{"code":"invalid_request","error":""}',
    '{"code":"app_not_found","error":""}',
    '{"auth_result":{}}',
    '{"auth_result":{"auth_token":"x.y.z"}}',
    '{"access_token":1}',
  ]
  const headers = [
    {},
    { 'content-type': 'text/html' },
    { 'content-type': 'application/json' },
    { 'retry-after': '7' },
  ]
  const transports = {
    'session server': {
      transport: sessionServer({ url: 'https://auth.example.com', appId: 'a' }),
      refuses: (status: number, body: string) => status === 401 && body.includes('invalid_refresh_token'),
    },
    oauth: {
      transport: oauth({ tokenEndpoint: 'https://auth.example.com/token', clientId: 'a' }),
      refuses: (status: number, body: string) =>
        [400, 401].includes(status) && body.includes('invalid_grant'),
    },
  }
  for (const [name, { transport, refuses }] of Object.entries(transports))
    it(`${name}: ${statuses.length * bodies.length * headers.length} answers`, async () => {
      for (const status of statuses)
        for (const body of bodies)
          for (const header of headers) {
            const empty = [204, 301, 302].includes(status)
            const send = async () => new Response(empty ? null : body, { status, headers: header })
            const answer: Answer = await transport
              .refresh(request, send, () => now)
              .catch(() => ({ failed: 'unreachable' }) as const)
            expect(answer, `${status} ${body}`).toHaveProperty(
              refuses(status, empty ? '' : body) ? 'refused' : 'failed',
            )
            if (answer.failed && 'retry-after' in header && (status === 429 || status >= 500))
              expect(answer.retryAfter).toBe(7000)
          }
    })
})

it('session server: a refusal says why in words that apps know, whatever a newer server says', async () => {
  const transport = sessionServer({ url: 'https://auth.example.com', appId: 'a' })
  const refused = (reason?: unknown) =>
    transport.refresh(
      request,
      async () => Response.json({ code: 'invalid_refresh_token', error: '', reason }, { status: 401 }),
      () => now,
    )
  for (const reason of endReason.options) expect(await refused(reason)).toEqual({ refused: reason })
  for (const reason of [undefined, null, 'moved', 'none', 'constructor', ['expired']])
    expect(await refused(reason)).toEqual({ refused: 'revoked' })
})

describe('oauth', () => {
  const sent: { url: string; body: string }[] = []
  const answering =
    (body: object, status = 200) =>
    async (url: string, init: RequestInit) => {
      sent.push({ url, body: String(init.body) })
      return Response.json(body, { status })
    }
  const transport = oauth({
    tokenEndpoint: 'https://auth.example.com/token',
    revocationEndpoint: 'https://auth.example.com/revoke',
    clientId: 'my app',
  })

  it('refreshes by RFC 6749 section 6, with rotation and without', async () => {
    const rotating = await transport.refresh(
      request,
      answering({ access_token: 'at', expires_in: 60, refresh_token: 'rt2' }),
      () => now,
    )
    expect(rotating).toMatchObject({
      issued: { token: 'at', lifetime: 60_000, refreshToken: 'rt2' },
    })
    expect(sent.at(-1)!.body).toBe('grant_type=refresh_token&refresh_token=rt&client_id=my+app')
    const fixed = await transport.refresh(
      request,
      answering({ access_token: 'at', expires_in: 60 }),
      () => now,
    )
    expect(fixed.issued).toMatchObject({ token: 'at', refreshToken: 'rt', session: request.session })
  })

  it('revokes by RFC 7009', async () => {
    expect(await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, answering({}))).toBe(true)
    expect(sent.at(-1)).toEqual({
      url: 'https://auth.example.com/revoke',
      body: 'token=rt&token_type_hint=refresh_token&client_id=my+app',
    })
    expect(await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, answering({}, 503))).toBe(false)
  })

  it('finds the endpoints of an issuer, once, and takes no other issuer’s', async () => {
    const metadata = {
      issuer: 'https://id.example.com/tenant',
      token_endpoint: 'https://id.example.com/tenant/token',
      revocation_endpoint: 'https://id.example.com/tenant/revoke',
    }
    const asked: string[] = []
    const send = (issuer: string) => async (url: string) => {
      asked.push(url)
      if (url.endsWith('/.well-known/openid-configuration')) return Response.json({ ...metadata, issuer })
      if (url.endsWith('/token')) return Response.json({ access_token: 'at', expires_in: 60 })
      return new Response('', { status: url.endsWith('/revoke') ? 200 : 404 })
    }
    const discovering = oauth({ issuer: metadata.issuer, clientId: 'a' })
    await expect(discovering.refresh(request, send('https://evil.example'), () => now)).rejects.toThrow(
      'issuer',
    )
    asked.length = 0
    for (let times = 0; times < 2; times++)
      expect(await discovering.refresh(request, send(metadata.issuer), () => now)).toHaveProperty('issued')
    expect(await discovering.revoke({ sessionId: 's', refreshToken: 'rt' }, send(metadata.issuer))).toBe(true)
    expect(asked).toEqual([
      'https://id.example.com/.well-known/oauth-authorization-server/tenant',
      'https://id.example.com/tenant/.well-known/openid-configuration',
      metadata.token_endpoint,
      metadata.token_endpoint,
      metadata.revocation_endpoint,
    ])
  })

  it('takes nothing else for a sign-in', () => {
    for (const bad of [undefined, {}, { access_token: 1 }, { access_token: 'at', expires_in: -1 }])
      expect(() => transport.parseTokenResponse(bad as never, now)).toThrow(TypeError)
  })
})

it('functions: a session, an end, or a failure', async () => {
  const outcomes = [
    async () => ({ authToken: 'at', expiresIn: 5 }),
    async () => undefined,
    () => Promise.reject(new Error('down')),
  ]
  const [issued, ended, failed] = outcomes.map((refresh) =>
    functionTransport({ key: 'k', refresh: refresh as never }),
  )
  const send = () => Promise.reject(new Error('unused'))
  expect(await issued!.refresh(request, send, () => now)).toMatchObject({
    issued: { lifetime: 5000 },
  })
  expect(await ended!.refresh(request, send, () => now)).toMatchObject({ refused: 'revoked' })
  await expect(failed!.refresh(request, send, () => now)).rejects.toThrow('down')
})

describe('customStore', () => {
  const grant = { session: { id: 's', userId: 'u', renewable: false }, token: 'at', lifetime: 1 }

  it('loses no update of 100 at once, however slow the storage', async () => {
    const texts = new Map<string, string>()
    const store = customStore({
      read: async (key) => (await Promise.resolve(), texts.get(key)),
      write: async (key, value) => (await Promise.resolve(), void texts.set(key, value)),
    })
    await store.update('k', signIn('e', grant, 0))
    await Promise.all(
      Array.from({ length: 100 }, () =>
        store.update('k', (record) => ({ ...record!, generation: record!.generation! + 1 }) as never),
      ),
    )
    expect(await store.update('k', identity)).toMatchObject({ generation: 100 })
  })

  it('leaves alone what it does not understand', async () => {
    for (const text of ['nonsense', '"text"', '[]']) {
      const store = customStore({ read: () => text, write: () => expect.unreachable() })
      expect(await store.update('k', identity)).toBeUndefined()
    }
  })
})
