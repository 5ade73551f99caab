import { describe, expect, it, onTestFinished } from 'vitest'
import { expireToken, pass, tabs } from '../../test/each-test.ts'
import { jwt } from '../../test/tokens.ts'
import type { TokenManager } from '../manager/api.ts'
import { createTokenManager } from '../manager/manager.ts'
import { memoryStore } from '../stores/store.ts'
import { oauth, type OAuthOptions, type OAuthTokenResponse } from './oauth.ts'

/** What the token endpoint answers, and what it was asked. */
let answer: object
const sent: { url: string; body: URLSearchParams }[] = []
const fetch = async (url: string, { body }: { body?: string }): Promise<Response> => {
  sent.push({ url, body: new URLSearchParams(body) })
  if (url.endsWith('/revoke')) return new Response()
  return Response.json(answer)
}

const endpoints = {
  tokenEndpoint: 'https://id.example.com/oauth2/token',
  revocationEndpoint: 'https://id.example.com/oauth2/revoke',
}
const create = (
  options: OAuthOptions = { ...endpoints, clientId: 'app' },
  storage = memoryStore(),
): TokenManager<OAuthTokenResponse> => {
  sent.length = 0
  const environment = { ...tabs.environment(), fetch }
  const auth = createTokenManager({ transport: oauth(options), storage, environment })
  onTestFinished(() => auth.dispose())
  return auth
}
const idToken = (claims: object): string => jwt({ iss: 'https://id.example.com', ...claims })
const signIn = { access_token: 'at1', expires_in: 300, refresh_token: 'rt1' }
const refreshed = async (auth: TokenManager<OAuthTokenResponse>, response: object): Promise<unknown> => {
  answer = response
  await expireToken()
  const call = auth.getAuthToken().catch((error: unknown) => error)
  await pass()
  return call
}

describe('the claims of the session', () => {
  it('may have names outside ASCII (oidc C3)', async () => {
    const auth = create()
    await auth.signIn({ ...signIn, id_token: idToken({ sub: 'u1', name: 'Ärzte 東京 🙂' }) })
    expect(auth.session()).toMatchObject({ userId: 'u1', claims: { name: 'Ärzte 東京 🙂' } })
  })

  it('are those of the newest id token, and stay if a refresh brings none (oidc C4)', async () => {
    const auth = create()
    await auth.signIn({ ...signIn, id_token: idToken({ sub: 'u1', role: 'user' }) })
    await refreshed(auth, { access_token: 'at2', id_token: idToken({ sub: 'u1', role: 'admin' }) })
    expect(auth.session()!.claims).toMatchObject({ sub: 'u1', role: 'admin' })
    const { id } = auth.session()!
    await refreshed(auth, { access_token: 'at3' })
    expect(auth.session()).toMatchObject({ id, userId: 'u1', claims: { role: 'admin' }, renewable: true })
  })
})

describe('a refresh that brings another user’s tokens ends the session (case E5, oidc C4)', () => {
  const ofUser1 = idToken({ sub: 'u1' })
  it.for([
    ['the id token', ofUser1, 'opaque', { id_token: idToken({ sub: 'u2' }), access_token: 'at2' }],
    [
      'the issuer',
      ofUser1,
      'opaque',
      { id_token: idToken({ sub: 'u1', iss: 'https://evil.example' }), access_token: 'at2' },
    ],
    ['the access token', undefined, jwt({ sub: 'u1' }), { access_token: jwt({ sub: 'u2' }) }],
    ['the access token alone', ofUser1, jwt({ sub: 'u1' }), { access_token: jwt({ sub: 'u2' }) }],
    [
      'the first id token',
      undefined,
      jwt({ sub: 'u1' }),
      { id_token: idToken({ sub: 'u2' }), access_token: 'at2' },
    ],
  ] as const)('told by %s', async ([, id_token, access_token, response]) => {
    const auth = create()
    await auth.signIn({ ...signIn, access_token, ...(id_token && { id_token }) })
    expect(await refreshed(auth, response)).toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'revoked' })
  })

  it('but an access token may name the user in its own way', async () => {
    const auth = create()
    await auth.signIn({ ...signIn, access_token: jwt({ sub: 'pairwise' }), id_token: ofUser1 })
    const token = jwt({ sub: 'pairwise', n: 2 })
    expect(await refreshed(auth, { access_token: token })).toBe(token)
  })
})

describe('the API that the tokens are for', () => {
  it('is part of the key, so two managers of one page hold one session each (case D7, oidc C5)', async () => {
    const storage = memoryStore()
    const orders = create({ ...endpoints, clientId: 'app', audience: 'https://orders' }, storage)
    const mail = create(
      { ...endpoints, clientId: 'app', resource: ['https://mail', 'https://files'] },
      storage,
    )
    await orders.signIn(signIn)
    await mail.signIn({ ...signIn, access_token: 'mt1', refresh_token: 'mrt1' })
    await expect(orders.getAuthToken()).resolves.toBe('at1')
    await expect(mail.getAuthToken()).resolves.toBe('mt1')
    expect(sent).toEqual([])
  })

  it('is sent with each refresh, beside other parameters (oidc C6)', async () => {
    const auth = create({
      ...endpoints,
      clientId: 'app',
      audience: 'https://orders',
      resource: ['https://mail', 'https://files'],
      params: { scope: 'openid' },
    })
    await auth.signIn(signIn)
    await refreshed(auth, { access_token: 'at2' })
    expect([...sent[0]!.body]).toEqual([
      ['scope', 'openid'],
      ['audience', 'https://orders'],
      ['resource', 'https://mail'],
      ['resource', 'https://files'],
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'rt1'],
      ['client_id', 'app'],
    ])
  })
})

describe('a change from the token endpoint to the issuer', () => {
  it.for([
    ['https://id.example.com/token', 'https://id.example.com'],
    ['https://id.example.com/token', 'https://id.example.com/'],
    ['https://id.example.com/oauth/token', 'https://id.example.com/'],
    [
      'https://id.example.com/realms/shop/protocol/openid-connect/token',
      'https://id.example.com/realms/shop',
    ],
    ['https://id.example.com/oauth2/default/v1/token', 'https://id.example.com/oauth2/default'],
    ['https://id.example.com/tenant/oauth2/v2.0/token', 'https://id.example.com/tenant/v2.0'],
    ['https://id.example.com/oidc/token', 'https://id.example.com/oidc'],
    ['https://id.example.com/connect/token', 'https://id.example.com'],
    ['http://oidc/token', 'http://oidc'],
  ] as const)('%s to %s signs nobody out (case D7)', async ([tokenEndpoint, issuer]) => {
    const storage = memoryStore()
    await create({ tokenEndpoint, clientId: 'app' }, storage).signIn(signIn)
    await expect(create({ issuer, clientId: 'app' }, storage).getAuthToken()).resolves.toBe('at1')
  })

  it('keeps the session at any address, if its record has a name of its own', async () => {
    const storage = memoryStore()
    const key = 'shop'
    await create({ tokenEndpoint: 'https://oauth2.example.com/x', clientId: 'app', key }, storage).signIn(
      signIn,
    )
    const auth = create({ issuer: 'https://accounts.example.com', clientId: 'app', key }, storage)
    await expect(auth.getAuthToken()).resolves.toBe('at1')
  })

  it('does not mix two tenants of one server, nor two servers', () => {
    const keys = [
      'https://id.example.com/realms/a',
      'https://id.example.com/realms/b',
      'https://id.example.com',
      'http://oidc',
      'http://token',
    ].map((issuer) => oauth({ issuer, clientId: 'app' }).key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

it.for(['refresh_expires_in', 'refresh_token_expires_in'])(
  '%s says when the session ends (oidc C6)',
  async (name) => {
    const auth = create()
    await auth.signIn({ ...signIn, [name]: 1800 })
    expect(auth.session()!.inactiveAt).toBe(Date.now() + 1_800_000)
    await refreshed(auth, { access_token: 'at2', [name]: 1800 })
    expect(auth.session()!.inactiveAt! - Date.now()).toBeGreaterThan(1_700_000)
  },
)

it('a manager that is disposed after a sign-out sends nothing more (oidc C7)', async () => {
  for (const options of [endpoints, { tokenEndpoint: endpoints.tokenEndpoint }]) {
    const auth = create({ ...options, clientId: 'app' })
    await auth.signIn(signIn)
    const signedOut = auth.signOut()
    auth.dispose()
    await signedOut.catch(() => {})
    await pass(3_600_000)
    expect(sent.length).toBeLessThanOrEqual(1)
  }
})

it.for(['', undefined, null])(
  'access_token: %j with status 200 is unreachable (case C2)',
  async (access_token) => {
    const auth = create()
    await auth.signIn(signIn)
    expect(await refreshed(auth, { access_token })).toMatchObject({
      code: 'unreachable',
      cause: expect.any(Error),
    })
    expect(sent.length).toBeLessThanOrEqual(3)
  },
)

it('a superseded refresh token does not end the session', async () => {
  const transport = oauth({ ...endpoints, clientId: 'app' })
  const send = async () => Response.json({ error: 'invalid_grant', superseded: true }, { status: 400 })
  const session = { id: 's', userId: 'u', renewable: true }
  expect(await transport.refresh({ session, refreshToken: 'rt', retryId: 'a' }, send, () => 0)).toMatchObject(
    {
      failed: 'unreachable',
    },
  )
})

it('the cause never repeats the refresh token', async () => {
  const transport = oauth({ ...endpoints, clientId: 'app' })
  const body = { error: 'invalid_request', error_description: 'unknown token canary' }
  const send = async () => Response.json(body, { status: 400 })
  const session = { id: 's', userId: 'u', renewable: true }
  const answer = await transport.refresh({ session, refreshToken: 'canary', retryId: 'a' }, send, () => 0)
  expect(String(answer.cause)).toContain('invalid_request unknown token')
  expect(String(answer.cause)).not.toContain('canary')
})
