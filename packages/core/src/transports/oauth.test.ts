import { expect, it } from 'vitest'
import { refreshRequest } from '../../test/requests.ts'
import { oauth, type OAuthTokenResponse } from './oauth.ts'

const now = 1_000_000

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

it('refreshes by RFC 6749 section 6, with and without rotation', async () => {
  const rotating = await transport.refresh(
    refreshRequest,
    answering({ access_token: 'at', expires_in: 60, refresh_token: 'rt2' }),
    () => now,
  )
  expect(rotating).toMatchObject({
    issued: { token: 'at', lifetime: 60_000, refreshToken: 'rt2' },
  })
  expect(sent.at(-1)!.body).toBe('grant_type=refresh_token&refresh_token=rt&client_id=my+app')
  const fixed = await transport.refresh(
    refreshRequest,
    answering({ access_token: 'at', expires_in: 60 }),
    () => now,
  )
  expect(fixed.issued).toMatchObject({ token: 'at', refreshToken: 'rt', session: refreshRequest.session })
})

it('revokes by RFC 7009, and resolves to false if the server answers with an error', async () => {
  expect(await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, answering({}))).toBe(true)
  expect(sent.at(-1)).toEqual({
    url: 'https://auth.example.com/revoke',
    body: 'token=rt&token_type_hint=refresh_token&client_id=my+app',
  })
  expect(await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, answering({}, 503))).toBe(false)
})

it('discovers the endpoints of an issuer once, and rejects metadata of another issuer', async () => {
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
  await expect(discovering.refresh(refreshRequest, send('https://evil.example'), () => now)).rejects.toThrow(
    'issuer',
  )
  asked.length = 0
  for (let times = 0; times < 2; times++)
    expect(await discovering.refresh(refreshRequest, send(metadata.issuer), () => now)).toHaveProperty(
      'issued',
    )
  expect(await discovering.revoke({ sessionId: 's', refreshToken: 'rt' }, send(metadata.issuer))).toBe(true)
  expect(asked).toEqual([
    'https://id.example.com/.well-known/oauth-authorization-server/tenant',
    'https://id.example.com/tenant/.well-known/openid-configuration',
    metadata.token_endpoint,
    metadata.token_endpoint,
    metadata.revocation_endpoint,
  ])
})

it.for([undefined, {}, { access_token: 1 }, { access_token: 'at', expires_in: -1 }])(
  'rejects %j as the result of a sign-in',
  (result) =>
    expect(() => transport.parseTokenResponse(result as OAuthTokenResponse, now)).toThrow(TypeError),
)
