import { describe, expect, it } from 'vitest'
import { refreshRequest } from '../../test/requests.ts'
import { oauth } from './oauth.ts'

const issuer = 'https://id.example.com/tenant'
const openId = 'https://id.example.com/tenant/.well-known/openid-configuration'
const rfc8414 = 'https://id.example.com/.well-known/oauth-authorization-server/tenant'
const metadata = {
  issuer,
  token_endpoint: 'https://id.example.com/tenant/token',
  revocation_endpoint: 'https://id.example.com/tenant/revoke',
}

type Reply = () => Promise<Response>
const replying =
  (body: unknown, status = 200): Reply =>
  async () =>
    Response.json(body, { status })
const rejecting: Reply = () => Promise.reject(new TypeError('Failed to fetch'))

/** A server with these replies; it answers 404 elsewhere. */
function server(replies: Record<string, Reply>) {
  const asked: string[] = []
  const all: Record<string, Reply> = {
    [metadata.token_endpoint]: replying({ access_token: 'at', expires_in: 60 }),
    [metadata.revocation_endpoint]: replying({}),
    ...replies,
  }
  const send = (url: string): Promise<Response> => {
    asked.push(url)
    return (all[url] ?? replying({}, 404))()
  }
  const transport = oauth({ issuer, clientId: 'a' })
  return { asked, send, transport, refresh: () => transport.refresh(refreshRequest, send, () => 0) }
}

/** How the place that has no metadata may fail. */
const failures: Record<string, Reply> = {
  'a 404': replying({}, 404),
  'a 404 without CORS headers': rejecting,
  'a redirect, which is not followed': rejecting,
  'a 500': replying({}, 500),
  'an HTML page with status 200': async () => new Response('<html>'),
  'no answer in time': () => Promise.reject(new DOMException('timeout', 'TimeoutError')),
  'metadata of another issuer': replying({ ...metadata, issuer: 'https://evil.example' }),
  'metadata without a token endpoint': replying({ issuer }),
}

for (const [place, other] of [
  [openId, rfc8414],
  [rfc8414, openId],
] as const)
  describe(`with metadata at ${place} alone`, () =>
    it.for(Object.entries(failures))(
      'the other place may answer with %s (case E3, oidc C2)',
      async ([, reply]) => {
        const { refresh } = server({ [place]: replying(metadata), [other]: reply })
        expect(await refresh()).toMatchObject({ issued: { token: 'at' } })
      },
    ))

it('asks once, the place of OpenID first, and again after a failure', async () => {
  const { asked, send, transport, refresh } = server({ [openId]: replying(metadata) })
  await refresh()
  await refresh()
  expect(await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, send, Date.now)).toBeUndefined()
  expect(asked).toEqual([
    openId,
    metadata.token_endpoint,
    metadata.token_endpoint,
    metadata.revocation_endpoint,
  ])
  const down = server({ [openId]: rejecting, [rfc8414]: rejecting })
  await down.refresh()
  const answer = await down.transport.revoke({ sessionId: 's', refreshToken: 'rt' }, down.send, Date.now)
  expect(answer).toMatchObject({ failed: 'unreachable' })
  expect(down.asked).toEqual([openId, rfc8414, openId, rfc8414])
})

it('a wrong slash is misconfigured, and the cause names both issuers (oidc C2)', async () => {
  const { refresh } = server({
    [openId]: replying({ ...metadata, issuer: `${issuer}/` }),
    [rfc8414]: rejecting,
  })
  const answer = await refresh()
  expect(answer).toMatchObject({ failed: 'misconfigured' })
  expect(String(answer.cause)).toContain(`${issuer}/, not ${issuer}.`)
})

it('an origin is the same issuer with and without its slash', async () => {
  const { send } = server({
    'https://t.example.com/.well-known/openid-configuration': replying({
      ...metadata,
      issuer: 'https://t.example.com/',
    }),
  })
  const transport = oauth({ issuer: 'https://t.example.com', clientId: 'a' })
  expect(await transport.refresh(refreshRequest, send, () => 0)).toHaveProperty('issued')
})

it.for([
  ['no place answers', rejecting, rejecting, { failed: 'unreachable' }],
  ['one place does not answer', replying({}, 404), rejecting, { failed: 'unreachable' }],
  ['a server error', replying({}, 404), replying({}, 503), { failed: 'unreachable' }],
  ['too many requests', replying({}, 429), replying({}, 404), { failed: 'throttled' }],
  ['no place has metadata', replying({}, 404), replying({}, 404), { failed: 'misconfigured' }],
] as const)('%s: the session is untouched, with a cause', async ([, first, second, expected]) => {
  const answer = await server({ [openId]: first, [rfc8414]: second }).refresh()
  expect(answer).toMatchObject(expected)
  expect(answer.cause).toBeInstanceOf(Error)
})

it('an issuer that is no URL is misconfigured', async () =>
  expect(
    await oauth({ issuer: 'login', clientId: 'a' }).refresh(refreshRequest, rejecting, () => 0),
  ).toMatchObject({
    failed: 'misconfigured',
  }))
