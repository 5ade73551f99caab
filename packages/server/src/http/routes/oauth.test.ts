import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../../../test/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const http = { [oauth.allowInsecureRequests]: true }
const client: oauth.Client = { client_id: 'demo' }
const discover = async (): Promise<oauth.AuthorizationServer> => {
  const issuer = new URL(`${server.url}/v1/apps/demo`)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http })
  return oauth.processDiscoveryResponse(issuer, response)
}

describe('the client oauth4webapi', () => {
  it('discovers, refreshes, introspects and revokes', async () => {
    const as = await discover()
    const { userId, result } = await server.signIn()

    const asked = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), result.refresh_token!, http)
    const tokens = await oauth.processRefreshTokenResponse(as, client, asked)
    expect(tokens.token_type).toBe('bearer')
    expect(tokens.expires_in).toBeGreaterThan(290)
    expect(tokens.refresh_token).not.toBe(result.refresh_token)

    const look = async (token: string, auth: oauth.ClientAuth): Promise<oauth.IntrospectionResponse> =>
      oauth.processIntrospectionResponse(
        as,
        client,
        await oauth.introspectionRequest(as, client, auth, token, http),
      )
    const { key } = server
    for (const auth of [oauth.ClientSecretBasic(key), oauth.ClientSecretPost(key)])
      expect(await look(tokens.access_token, auth)).toMatchObject({
        active: true,
        sub: userId,
        client_id: 'demo',
        token_type: 'Bearer',
      })
    expect(await look(tokens.refresh_token!, oauth.ClientSecretBasic(key))).toMatchObject({
      active: true,
      sub: userId,
    })
    expect(await look(result.refresh_token!, oauth.ClientSecretBasic(key))).toEqual({ active: false })

    const revoked = await oauth.revocationRequest(as, client, oauth.None(), tokens.refresh_token!, http)
    await oauth.processRevocationResponse(revoked)
    const again = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token!, http)
    await expect(oauth.processRefreshTokenResponse(as, client, again)).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    })
    expect(await look(tokens.access_token, oauth.ClientSecretBasic(key))).toEqual({ active: false })
  })

  it('gets the same refresh token for a retry with the same Idempotency-Key', async () => {
    const as = await discover()
    const { result } = await server.signIn()
    const options = { ...http, headers: { 'idempotency-key': 'once' } }
    const refresh = async (): Promise<oauth.TokenEndpointResponse> =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, oauth.None(), result.refresh_token!, options),
      )
    expect((await refresh()).refresh_token).toBe((await refresh()).refresh_token)
  })
})

const token = (form: Record<string, string> | string, headers = {}) =>
  server.ask('POST', '/oauth/token', { form, headers })
const grant = (refresh_token: string, more = {}) => ({
  grant_type: 'refresh_token',
  client_id: 'demo',
  refresh_token,
  ...more,
})
const fails = async (answer: Promise<Response>, status: number, error: string): Promise<Response> => {
  const response = await answer
  expect([response.status, await response.json()]).toEqual([
    status,
    { error, error_description: expect.any(String) },
  ])
  return response
}

it('RFC 6749 10.4: refuses a refresh token of another client', async () => {
  const { result } = await server.signIn()
  const other = `${server.url}/v1/apps/other/oauth/token`
  const body = new URLSearchParams({ ...grant(result.refresh_token!), client_id: 'other' })
  await fails(fetch(other, { method: 'POST', body }), 400, 'invalid_grant')
  await fails(token(grant(result.refresh_token!, { client_id: 'other' })), 401, 'invalid_client')
  expect((await token(grant(result.refresh_token!))).status).toBe(200)
})

describe('the token endpoint (RFC 6749)', () => {
  it('5.1: forbids caching and returns every required parameter', async () => {
    const { result } = await server.signIn()
    const response = await token(grant(result.refresh_token!, { unknown: 'ignored', scope: '' }))
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      refresh_token: expect.stringMatching(/^rt1\./),
      refresh_token_expires_in: expect.any(Number),
    })
  })

  it('5.2: has one error code per kind of failure', async () => {
    const { result } = await server.signIn()
    const good = grant(result.refresh_token!)
    await fails(token(grant('rt1.junk')), 400, 'invalid_grant')
    await fails(token({ ...good, grant_type: 'password' }), 400, 'unsupported_grant_type')
    await fails(token({ ...good, grant_type: '' }), 400, 'invalid_request')
    await fails(token({ ...good, refresh_token: '' }), 400, 'invalid_request')
    await fails(
      token({ grant_type: 'refresh_token', refresh_token: result.refresh_token! }),
      401,
      'invalid_client',
    )
    const refused = await fails(token({ ...good, client_secret: 'wrong' }), 401, 'invalid_client')
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /)
    await fails(server.ask('POST', '/oauth/token', { body: good }), 400, 'invalid_request')
    // None of the failures ends the session.
    expect((await token(good)).status).toBe(200)
  })

  it('3.2: accepts only POST, refuses a repeated parameter and ignores an unknown one', async () => {
    const { result } = await server.signIn()
    const twice = `${new URLSearchParams(grant(result.refresh_token!))}&refresh_token=x`
    await fails(token(twice), 400, 'invalid_request')
    expect((await server.ask('GET', '/oauth/token')).status).toBe(404)
  })

  it('2.3.1: accepts an API key as the client secret, in a Basic header or in the body', async () => {
    const { result } = await server.signIn()
    const basic = { authorization: `Basic ${btoa(`demo:${server.key}`)}` }
    const { client_id: _, ...unnamed } = grant(result.refresh_token!)
    const first = await token(unnamed, basic)
    expect(first.status).toBe(200)
    const { refresh_token } = (await first.json()) as { refresh_token: string }
    expect((await token(grant(refresh_token, { client_secret: server.key }))).status).toBe(200)
    await fails(token(unnamed, { authorization: `Basic ${btoa('demo:wrong')}` }), 401, 'invalid_client')
    await fails(token(unnamed, { authorization: 'Basic %%%' }), 401, 'invalid_client')
  })
})

it('refuses any scope, because tokens have no scope', async () => {
  const { result } = await server.signIn()
  await fails(token(grant(result.refresh_token!, { scope: 'admin' })), 400, 'invalid_scope')
})

it('returns the lifetime of the refresh token in seconds', async () => {
  const { result } = await server.signIn()
  const { refresh_token_expires_in } = (await (await token(grant(result.refresh_token!))).json()) as {
    refresh_token_expires_in: number
  }
  expect(refresh_token_expires_in).toBeGreaterThan(7 * 86_400 - 10)
  expect(refresh_token_expires_in).toBeLessThanOrEqual(7 * 86_400)
})

describe('revocation (RFC 7009)', () => {
  const revoke = (form: Record<string, string>) =>
    server.ask('POST', '/oauth/revoke', { form: { client_id: 'demo', ...form } })

  it('responds with 200 for an unknown token and for a token of an ended session', async () => {
    const { result } = await server.signIn()
    for (const token of ['junk', 'rt1.junk', result.refresh_token!, result.refresh_token!])
      expect((await revoke({ token })).status).toBe(200)
    await fails(revoke({}), 400, 'invalid_request')
  })

  it('ignores the hint and ends the whole session', async () => {
    const { result } = await server.signIn()
    const renewed = (await (await token(grant(result.refresh_token!))).json()) as { refresh_token: string }
    await revoke({ token: result.refresh_token!, token_type_hint: 'access_token' })
    await fails(token(grant(renewed.refresh_token)), 400, 'invalid_grant')
  })

  it('does nothing for another client', async () => {
    const { result } = await server.signIn()
    const body = new URLSearchParams({ token: result.refresh_token!, client_id: 'other' })
    expect((await fetch(`${server.url}/v1/apps/other/oauth/revoke`, { method: 'POST', body })).status).toBe(
      200,
    )
    await fails(revoke({ token: result.refresh_token!, client_id: 'other' }), 401, 'invalid_client')
    expect((await token(grant(result.refresh_token!))).status).toBe(200)
  })
})

describe('introspection (RFC 7662)', () => {
  const introspect = (form: Record<string, string>, headers = {}) =>
    server.ask('POST', '/oauth/introspect', { form, headers })

  it('refuses a request without an API key of the app', async () => {
    const { result } = await server.signIn()
    for (const headers of [
      {},
      { authorization: 'Bearer tk1.guess' },
      { authorization: `Bearer ${result.auth_token}` },
    ])
      await fails(introspect({ token: result.auth_token, client_id: 'demo' }, headers), 401, 'invalid_client')
  })

  it('returns exactly {"active":false} for an inactive token', async () => {
    const { result } = await server.signIn()
    const { result: signedOut } = await server.signIn()
    await server.ask('DELETE', '/tokens', { body: { refresh_token: signedOut.refresh_token } })
    const headers = { authorization: `Bearer ${server.key}` }
    for (const token of ['junk', signedOut.refresh_token!, signedOut.auth_token, `${result.auth_token}x`])
      expect(await (await introspect({ token }, headers)).text()).toBe('{"active":false}')
    expect(await (await introspect({ token: result.auth_token }, headers)).json()).toMatchObject({
      active: true,
    })
  })
})

it('RFC 8414: serves metadata with the exact issuer at both well-known paths', async () => {
  const issuer = `${server.url}/v1/apps/demo`
  for (const url of [
    `${server.url}/.well-known/oauth-authorization-server/v1/apps/demo`,
    `${issuer}/.well-known/oauth-authorization-server`,
  ])
    expect(await (await fetch(url)).json()).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
  const none = await fetch(`${server.url}/.well-known/oauth-authorization-server/v1/apps/nothing`)
  expect([none.status, await none.json()]).toEqual([
    404,
    { code: 'app_not_found', error: expect.any(String) },
  ])
})
