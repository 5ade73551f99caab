import { describe, expect, it } from 'vitest'
import { arrive } from '../test/arrive.ts'
import type { Quirks } from '../test/quirk-server.ts'
import type { OidcOptions } from './index.ts'

const ahead = 3600

describe('refuses an id token (case O21)', () => {
  it.for<[string, Quirks, string?]>([
    ['without a nonce', { claims: { nonce: undefined } }],
    ['with another nonce', { claims: { nonce: 'canary' } }, 'nonce'],
    ['for another client', { claims: { aud: 'canary' } }, 'aud'],
    ['for other clients too, without azp', { claims: { aud: ['shop', 'canary'] } }, 'aud'],
    ['with another azp', { claims: { aud: ['shop', 'b'], azp: 'canary' } }, 'azp'],
    ['of another issuer', { claims: { iss: 'https://canary.example' } }, 'iss'],
    ['that is expired', { claims: { exp: 1_000_000 } }, 'exp'],
    ['without a time', { claims: { iat: undefined } }],
    ['without a user', { claims: { sub: undefined } }],
    ['with alg none', { header: { alg: 'none' } }],
    ['with HS256', { header: { alg: 'HS256' } }],
    [
      'with alg none, which the metadata allows',
      { header: { alg: 'none' }, metadata: { id_token_signing_alg_values_supported: ['none', 'RS256'] } },
      'alg',
    ],
    [
      'with HS256, which the metadata allows',
      { header: { alg: 'HS256' }, metadata: { id_token_signing_alg_values_supported: ['HS256'] } },
      'alg',
    ],
    ['that is missing', { tokens: { id_token: undefined } }],
    ['that is no token', { tokens: { id_token: 'canary' } }],
  ])('%s', async ([, quirks, claim]) => {
    const { provider, auth } = await arrive(quirks)
    const error: unknown = await provider.completeSignIn(auth).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'untrusted', returnTo: '/orders', ...(claim && { claim }) })
    expect(auth.get().status).toBe('signed-out')
    const { cause } = error as { cause: Error }
    // The names of claims may be shown, their values never.
    expect(`${String(error)} ${cause.message} ${JSON.stringify(cause.cause)}`).not.toContain('canary')
  })
})

describe('refuses a callback, and sends no code (case O20)', () => {
  it.for<[string, Quirks]>([
    ['of another issuer', { callback: { iss: 'https://canary.example' } }],
    [
      'without the issuer that is announced',
      { metadata: { authorization_response_iss_parameter_supported: true } },
    ],
    ['with an id token', { callback: { id_token: 'canary' } }],
    ['with a token', { callback: { token: 'canary' } }],
  ])('%s', async ([, quirks]) => {
    const { provider, auth, server } = await arrive(quirks)
    await expect(provider.completeSignIn(auth)).rejects.toMatchObject({ code: 'untrusted' })
    expect(server.exchanged).toEqual([])
  })
})

it.for([ahead, -ahead])(
  'a provider whose clock differs by %i seconds is trusted, and the session lives as long as it says (case O22)',
  async (seconds) => {
    const { provider, auth } = await arrive({ ahead: seconds }, { maxAge: 60 }, {})
    await expect(provider.completeSignIn(auth)).rejects.toMatchObject({ claim: undefined, code: 'untrusted' })
    const now = Math.floor(Date.now() / 1000) + seconds
    const fresh = await arrive({ ahead: seconds, claims: { auth_time: now - 30 } }, { maxAge: 60 })
    await fresh.provider.completeSignIn(fresh.auth)
    const state = fresh.auth.get()
    expect(state.status === 'valid' && state.expiresAt - Date.now()).toBeGreaterThan(250_000)
    const stale = await arrive({ ahead: seconds, claims: { auth_time: now - 120 } }, { maxAge: 60 })
    await expect(stale.provider.completeSignIn(stale.auth)).rejects.toMatchObject({ claim: 'auth_time' })
  },
)

it('many groups need no room in the session, if the app does not want them (case O35)', async () => {
  const groups = Array.from({ length: 200 }, (_, index) => `group-${index}-of-a-large-company`)
  const metadata = { end_session_endpoint: 'https://id.example/end' }
  const claims: OidcOptions['claims'] = ({ role }) => ({ role })
  const quirks = { claims: { groups, role: 'admin' }, metadata }
  const { provider, auth, left } = await arrive(quirks, {}, { claims })
  await provider.completeSignIn(auth)
  expect(Object.keys(auth.session()!.claims!).toSorted()).toEqual(['iss', 'role', 'sub'])
  // The id token would make the address too long for many servers.
  await provider.signOutWithRedirect(auth)
  expect(left[0]).toMatch(/^https:\/\/id\.example\/end\?client_id=shop&post_logout_redirect_uri=[^&]+$/)
})

describe('the exchange fails (case O11)', () => {
  it.for<[string, Quirks, string, string?]>([
    ['an expired code', { status: 400, body: '{"error":"invalid_grant"}' }, 'sign-in-lost'],
    ['the status 403 for it', { status: 403, body: '{"error":"invalid_grant"}' }, 'sign-in-lost'],
    ['a server error', { status: 503, body: '<html>' }, 'unreachable'],
    ['a server error that is JSON', { status: 500, body: '{"error":"invalid_grant"}' }, 'unreachable'],
    ['too many requests', { status: 429, body: '' }, 'unreachable'],
    ['a captive portal', { body: '<html>' }, 'unreachable'],
    ['temporarily_unavailable', { status: 400, body: '{"error":"temporarily_unavailable"}' }, 'unreachable'],
    [
      'an unknown client',
      { status: 401, body: '{"error":"invalid_client"}' },
      'misconfigured',
      'public client',
    ],
    [
      'a secret that is asked for (Google)',
      { status: 400, body: '{"error":"invalid_request","error_description":"client_secret is missing."}' },
      'misconfigured',
      'through your server',
    ],
    ['an unknown resource', { status: 400, body: '{"error":"invalid_target"}' }, 'misconfigured', 'resource'],
    ['a wrong address', { status: 404, body: '<html>' }, 'misconfigured', '404'],
  ])('%s', async ([, quirks, code, advice = '']) => {
    const { provider, auth } = await arrive(quirks)
    const error: unknown = await provider.completeSignIn(auth).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code,
      returnTo: '/orders',
      cause: { message: expect.stringContaining(advice) },
    })
  })

  it('the error never repeats the code', async () => {
    const body = JSON.stringify({ error: 'invalid_grant', error_description: 'canary is unknown' })
    const { provider, auth } = await arrive({ status: 400, body, callback: { code: 'canary' } })
    const error: unknown = await provider.completeSignIn(auth).catch((reason: unknown) => reason)
    const { cause } = error as { cause: Error }
    expect(cause.message).toContain('is unknown')
    expect(cause.message).not.toContain('canary')
  })

  it('a code that may have arrived is not sent again (cases O03, O33)', async () => {
    const { provider, auth, server, ...tab } = await arrive({ losesAnswer: true })
    const callback = tab.address
    await expect(provider.completeSignIn(auth)).rejects.toHaveProperty('code')
    server.quirks = {}
    await expect(provider.completeSignIn(auth, { url: callback })).rejects.toHaveProperty('code')
    expect(server.exchanged).toHaveLength(1)
  })
})

it.for<[Record<string, string>, string]>([
  [{ error: 'temporarily_unavailable' }, 'unreachable'],
  [{ error: 'server_error' }, 'unreachable'],
  [{ error: 'invalid_scope' }, 'misconfigured'],
  [{ error: 'unauthorized_client' }, 'misconfigured'],
  [{ error: 'login_required' }, 'denied'],
  [{ error: 'something_new' }, 'denied'],
])('the provider sends the user back with %j: %s', async ([parameters, code]) => {
  const { provider, auth, server } = await arrive({ callback: { code: undefined, ...parameters } })
  await expect(provider.completeSignIn(auth)).rejects.toMatchObject({ code, returnTo: '/orders' })
  expect(server.exchanged).toEqual([])
})

it('expires_in may be a string, and the answer may have more fields', async () => {
  const { provider, auth } = await arrive({ tokens: { expires_in: '300', other: 1 } })
  await provider.completeSignIn(auth)
  expect(auth.get().status).toBe('valid')
})
