import type { AppModes } from '@tokenkeep/protocol'
import { generateKeyPairSync, randomUUID, sign, type webcrypto } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../../test/authenticator.ts'
import { origin, startServer, type TestServer } from '../../test/server.ts'
import { createClientSecret } from '../index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ limits: { failuresPerAddress: 1e6, signUpsPerAddress: 1e6 } })
})
afterAll(() => server.stop())

const ordinary: Partial<AppModes> = {
  client_auth: 'none',
  client_jwks: { keys: [] },
  storage: 'any',
  user_verification: 'preferred',
  passkeys: 'any',
}
const insistOn = async (modes: object, status = 200): Promise<void> => {
  const answer = await server.manage('PATCH', '/settings', modes)
  expect([answer.status, await answer.text()]).toEqual([status, expect.anything()])
}
afterEach(() => insistOn(ordinary))

const cookie = { origin, 'tokenkeep-session': 'cookie' }

/** Signs up or in with a passkey, and returns the response to the finish. */
async function ceremony(
  of: 'register' | 'login',
  authenticator: ReturnType<typeof createAuthenticator>,
  headers: Record<string, string> = { origin },
): Promise<Response> {
  const body = of === 'register' ? { identifier: randomUUID() } : {}
  const started = await server.ask('POST', `/${of}/webauthn/start`, { headers, body })
  const { handshake } = (await started.json()) as {
    handshake: { id: string; challenge: { publicKey: { challenge: string } } }
  }
  const { publicKey } = handshake.challenge
  const handshake_response =
    of === 'register' ? authenticator.register(publicKey) : authenticator.signIn(publicKey)
  const finish = { handshake_id: handshake.id, handshake_response }
  return server.ask('POST', `/${of}/webauthn/finish`, { headers, body: finish })
}

describe('an app that keeps refresh tokens in cookies only (case G8)', () => {
  it('refuses every request that would get one in a body', async () => {
    const authenticator = createAuthenticator(origin)
    await insistOn({ storage: 'cookie' })
    expect((await ceremony('register', authenticator)).status).toBe(403)
    const up = await ceremony('register', authenticator, cookie)
    expect(up.status).toBe(200)
    expect(await up.text()).not.toContain('rt1.')
    const [set] = up.headers.getSetCookie()
    const [, token] = /=(rt1\.[\w-]+)/.exec(set!)!

    expect((await ceremony('login', authenticator)).status).toBe(403)
    expect((await server.refresh(token, { origin })).status).toBe(403)
    const form = { client_id: 'demo', grant_type: 'refresh_token', refresh_token: token! }
    const exchanged = await server.ask('POST', '/oauth/token', { form })
    expect([exchanged.status, await exchanged.json()]).toMatchObject([400, { error: 'unauthorized_client' }])

    const headers = { ...cookie, cookie: `tokenkeep-demo=${token}` }
    const refreshed = await server.ask('POST', '/tokens', { headers })
    expect(refreshed.status).toBe(201)
    expect(await refreshed.text()).not.toContain('rt1.')
    // The response to a sign-out has no token.
    expect((await server.ask('DELETE', '/tokens', { body: { refresh_token: token } })).status).toBe(200)
  })

  it('cannot require a client to authenticate', async () => {
    await insistOn({ storage: 'cookie', client_auth: 'secret' }, 400)
  })
})

describe('an app that requires one kind of passkey (case G11)', () => {
  it('refuses a passkey that does not verify the person', async () => {
    const touch = createAuthenticator(origin, { verifies: false })
    expect((await ceremony('register', touch)).status).toBe(200)
    await insistOn({ user_verification: 'required' })
    for (const of of ['register', 'login'] as const) {
      const begun = await server.ask('POST', `/${of}/webauthn/start`, {
        body: { identifier: undefined, ...(of === 'register' && { identifier: randomUUID() }) },
      })
      expect(JSON.stringify(await begun.json())).toContain('"userVerification":"required"')
      expect((await ceremony(of, touch)).status).toBe(401)
    }
    const pin = createAuthenticator(origin)
    expect((await ceremony('register', pin)).status).toBe(200)
    expect((await ceremony('login', pin)).status).toBe(200)
  })

  it('refuses a passkey that is synchronized between devices', async () => {
    const copied = createAuthenticator(origin, { synchronized: true })
    expect((await ceremony('register', copied)).status).toBe(200)
    await insistOn({ passkeys: 'device-bound' })
    expect((await ceremony('login', copied)).status).toBe(401)
    expect((await ceremony('register', createAuthenticator(origin, { synchronized: true }))).status).toBe(401)
    const bound = createAuthenticator(origin)
    expect((await ceremony('register', bound)).status).toBe(200)
    expect((await ceremony('login', bound)).status).toBe(200)
  })
})

describe('a confidential client (case G10)', () => {
  const http = { [oauth.allowInsecureRequests]: true }
  const client: oauth.Client = { client_id: 'demo' }
  const discover = async () => {
    const issuer = new URL(`${server.url}/v1/apps/demo`)
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http })
    return oauth.processDiscoveryResponse(issuer, response)
  }
  const exchange = async (auth: oauth.ClientAuth, token: string) => {
    const as = await discover()
    return oauth.refreshTokenGrantRequest(as, client, auth, token, http)
  }
  const isRefused = async (response: Response): Promise<void> =>
    expect([response.status, await response.json()]).toMatchObject([401, { error: 'invalid_client' }])

  it('with a secret cannot refresh or revoke without it, in any dialect', async () => {
    await insistOn({ client_auth: 'secret' })
    const { result } = await server.signIn()
    const token = result.refresh_token!
    await isRefused(await exchange(oauth.None(), token))
    await isRefused(await exchange(oauth.ClientSecretPost('tk1.guess'), token))
    expect((await server.refresh(token)).status).toBe(403)
    expect((await server.ask('POST', '/tokens', { headers: cookie })).status).toBe(403)
    const { secret } = await createClientSecret(server.store, 'demo', 'tests', 'system', Date.now())
    const appServer = { authorization: `Basic ${Buffer.from(`demo:${secret}`).toString('base64')}` }
    const byServer = await server.refresh((await server.signIn()).result.refresh_token, appServer)
    expect(byServer.status).toBe(201)
    const as = await discover()
    expect(as.token_endpoint_auth_methods_supported).toEqual(['client_secret_basic', 'client_secret_post'])
    await isRefused(await oauth.revocationRequest(as, client, oauth.None(), token, http))
    const tokens = await oauth.processRefreshTokenResponse(
      as,
      client,
      await exchange(oauth.ClientSecretBasic(server.key), token),
    )
    const revoked = await oauth.revocationRequest(
      as,
      client,
      oauth.ClientSecretPost(server.key),
      tokens.refresh_token!,
      http,
    )
    await oauth.processRevocationResponse(revoked)
  })

  it.each(['ES256', 'Ed25519', 'RS256'])(
    'with a key of %s refreshes with an assertion (RFC 7523)',
    async (alg) => {
      const algorithms = {
        ES256: { name: 'ECDSA', namedCurve: 'P-256' },
        Ed25519: { name: 'Ed25519' },
        RS256: {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
        },
      } as const
      const pair = (await crypto.subtle.generateKey(algorithms[alg as 'ES256'], true, [
        'sign',
        'verify',
      ])) as webcrypto.CryptoKeyPair
      const jwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid: 'one' }
      await insistOn({ client_auth: 'private_key_jwt', client_jwks: { keys: [jwk] } })
      const { result } = await server.signIn()
      await isRefused(await exchange(oauth.None(), result.refresh_token!))
      const as = await discover()
      expect(as.token_endpoint_auth_methods_supported).toContain('private_key_jwt')
      const auth = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'one' })
      const tokens = await oauth.processRefreshTokenResponse(
        as,
        client,
        await exchange(auth, result.refresh_token!),
      )
      expect(tokens.refresh_token).toMatch(/^rt1\./)
    },
  )

  describe('that signs', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const other = generateKeyPairSync('ed25519').privateKey
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one' }
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = () => ({
      iss: 'demo',
      sub: 'demo',
      aud: `${server.url}/v1/apps/demo`,
      exp: Math.floor(Date.now() / 1000) + 60,
      jti: randomUUID() as string,
    })
    const assertion = (more: object = {}, header: object = {}, key = privateKey): string => {
      const signed = `${part({ alg: 'EdDSA', kid: 'one', ...header })}.${part({ ...claims(), ...more })}`
      return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
    }
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const send = async (client_assertion: string, more: object = {}): Promise<Response> => {
      const { result } = await server.signIn()
      const form = {
        grant_type: 'refresh_token',
        refresh_token: result.refresh_token!,
        client_assertion_type: type,
        client_assertion,
        ...more,
      }
      return server.ask('POST', '/oauth/token', { form })
    }

    it('is accepted with each of this server’s names as the audience', async () => {
      await insistOn({ client_auth: 'private_key_jwt', client_jwks: { keys: [jwk] } })
      for (const path of ['', '/oauth/token'])
        for (const aud of [`${server.url}/v1/apps/demo${path}`, [`${server.url}/v1/apps/demo${path}`]])
          expect((await send(assertion({ aud }))).status).toBe(200)
      expect((await send(assertion({}, { kid: undefined }))).status).toBe(200)
      expect((await send(assertion(), { client_id: 'demo' })).status).toBe(200)
    })

    it('is refused if anything in the assertion is wrong', async () => {
      await insistOn({ client_auth: 'private_key_jwt', client_jwks: { keys: [jwk] } })
      const now = Math.floor(Date.now() / 1000)
      const wrong: Record<string, string> = {
        'another client': assertion({ iss: 'other' }),
        'another subject': assertion({ sub: 'other' }),
        'another audience': assertion({ aud: 'https://other.example' }),
        'an audience besides this server': assertion({ aud: [claims().aud, 'https://other.example'] }),
        'no audience': assertion({ aud: undefined }),
        expired: assertion({ exp: now - 1 }),
        'no expiry': assertion({ exp: undefined }),
        'an expiry that is far away': assertion({ exp: now + 3600 }),
        'not valid yet': assertion({ nbf: now + 600 }),
        'no id': assertion({ jti: undefined }),
        'another key': assertion({}, {}, other),
        'another key id': assertion({}, { kid: 'two' }),
        'alg none': assertion({}, { alg: 'none' }),
        'another algorithm': assertion({}, { alg: 'HS256' }),
        'no signature': assertion().replace(/[^.]+$/, ''),
        junk: 'junk',
        'JSON that is no object': `${part([])}.bnVsbA.x`,
      }
      for (const [what, text] of Object.entries(wrong)) {
        const answer = await send(text)
        expect([what, answer.status, await answer.json()]).toMatchObject([
          what,
          401,
          { error: 'invalid_client' },
        ])
      }
      await isRefused(await send(assertion(), { client_assertion_type: 'x' }))
      await isRefused(await send(assertion(), { client_id: 'other' }))
    })

    it('uses an assertion once', async () => {
      await insistOn({ client_auth: 'private_key_jwt', client_jwks: { keys: [jwk] } })
      const once = assertion()
      expect((await send(once)).status).toBe(200)
      await isRefused(await send(once))
    })

    it('needs a public key, and cannot give the server its private key', async () => {
      await insistOn({ client_auth: 'private_key_jwt' }, 400)
      await insistOn({ client_jwks: { keys: [privateKey.export({ format: 'jwk' })] } }, 400)
    })
  })
})
