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
  expect(fixed.issued!.session.claims).toBeUndefined()
})

it('revokes by RFC 7009, and says so if the server answers with an error', async () => {
  expect(
    await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, answering({}), () => 0),
  ).toBeUndefined()
  expect(sent.at(-1)).toEqual({
    url: 'https://auth.example.com/revoke',
    body: 'token=rt&token_type_hint=refresh_token&client_id=my+app',
  })
  const answer = await transport.revoke({ sessionId: 's', refreshToken: 'rt' }, answering({}, 503), () => 0)
  expect(answer).toMatchObject({ failed: 'unreachable' })
})

it.for([undefined, {}, { access_token: 1 }, { access_token: '' }, { access_token: 'at', expires_in: -1 }])(
  'rejects %j as the result of a sign-in',
  (result) =>
    expect(() => transport.parseTokenResponse(result as OAuthTokenResponse, now)).toThrow(TypeError),
)
