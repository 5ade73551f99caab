import { createAuthFetch, createTokenManager, memoryStore, sendProof, withProof } from '@tokenkeep/core'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { arrive } from '../test/arrive.ts'
import { openBrowser } from '../test/open-browser.ts'
import { openProvider } from '../test/open-provider.ts'
import type { Quirks } from '../test/quirk-server.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Puts the clock forward. Milliseconds. */
const passes = (ms: number): void => {
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
}

async function signIn(quirks: Quirks = {}) {
  const tab = await arrive(quirks)
  await tab.provider.completeSignIn(tab.auth)
  return tab
}

it('a real provider tells about its user', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const before = browser.tab()
  await before.provider.signInWithRedirect()
  const { provider, auth } = browser.tab(await world.visit(before.left[0]!))
  await provider.completeSignIn(auth)
  await expect(provider.userInfo(auth)).resolves.toEqual({ sub: 'ada', name: 'ada Ärzte' })
})

it('a real provider that binds its tokens to a key wants a proof', async () => {
  const world = await openProvider({ features: { dPoP: { enabled: true } } })
  const browser = openBrowser(world.issuer)
  const before = browser.tab()
  await before.provider.signInWithRedirect()
  const { provider } = browser.tab(await world.visit(before.left[0]!))
  const auth = createTokenManager({ transport: withProof(provider.transport), storage: memoryStore() })
  onTestFinished(() => auth.dispose())
  await provider.completeSignIn(auth)
  // As in bound-tokens.test.ts: the first refresh after a 401 binds the tokens.
  const rejected = await auth.getAuthToken()
  passes(10_000)
  await auth.getAuthToken({ rejected })
  expect(auth.session()).toMatchObject({ dpop: { isBound: true } })
  await expect(provider.userInfo(auth)).rejects.toMatchObject({ code: 'misconfigured' })
  const fetch = createAuthFetch(auth, { origins: [world.issuer], proof: sendProof })
  await expect(provider.userInfo(auth, { fetch })).resolves.toMatchObject({ sub: 'ada' })
})

it('is asked with the token of the session, and nothing is stored', async () => {
  const { provider, auth, server } = await signIn()
  const before = auth.session()
  await expect(provider.userInfo(auth)).resolves.toEqual({ sub: 'ada', phone_number: '1' })
  expect([server.asked, auth.session()]).toEqual([['Bearer at1'], before])
})

it('after a 401, one refresh is tried', async () => {
  const { provider, auth, server } = await signIn()
  server.quirks = { userInfo: { status: 401 }, tokens: { access_token: 'at2' } }
  // A token that has just arrived would be served again.
  passes(60_000)
  await expect(provider.userInfo(auth)).rejects.toMatchObject({ code: 'misconfigured' })
  expect(server.asked).toEqual(['Bearer at1', 'Bearer at2'])
})

it('a session that the provider has ended needs a sign-in', async () => {
  // keycloak/keycloak-js#12: the app cannot tell this from a failure.
  const { provider, auth, server } = await signIn()
  server.quirks = { userInfo: { status: 401 }, status: 400, body: '{"error":"invalid_grant"}' }
  passes(60_000)
  await expect(provider.userInfo(auth)).rejects.toMatchObject({
    name: 'TokenError',
    code: 'sign-in-required',
  })
  expect(auth.get()).toMatchObject({ status: 'signed-out', reason: 'revoked' })
})

describe('is refused', () => {
  it.for<[string, Quirks['userInfo'], string, string]>([
    ['about another user', { body: '{"sub":"canary"}' }, 'untrusted', 'another user'],
    ['about no user', { body: '{"name":"Ada"}' }, 'untrusted', 'another user'],
    ['that is a list', { body: '[]' }, 'untrusted', 'another user'],
    [
      'that is signed',
      { body: 'a.b.c', type: 'Application/JWT; charset=utf-8' },
      'misconfigured',
      'signed_response_alg',
    ],
    [
      'without the scope',
      { status: 403, body: '{"error":"insufficient_scope"}' },
      'misconfigured',
      'scope openid',
    ],
    ['of a captive portal', { body: '<html>', type: 'text/html' }, 'unreachable', '200'],
    ['with null', { body: 'null' }, 'unreachable', '200'],
    ['of a server that fails', { status: 503, body: '' }, 'unreachable', '503'],
    ['at a wrong address', { status: 404, body: '' }, 'misconfigured', '404'],
  ])('%s', async ([, userInfo, code, word]) => {
    const { provider, auth, server } = await signIn()
    server.quirks = { userInfo: userInfo! }
    const error: unknown = await provider.userInfo(auth).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, cause: { message: expect.stringContaining(word) } })
    expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain('canary')
    expect(auth.get().status).toBe('valid')
  })

  it('if the provider has none', async () => {
    const { provider, auth } = await signIn({ metadata: { userinfo_endpoint: undefined } })
    await expect(provider.userInfo(auth)).rejects.toMatchObject({ code: 'misconfigured' })
  })

  it('if nobody is signed in', async () => {
    const { provider, auth, server } = await arrive({})
    await expect(provider.userInfo(auth)).rejects.toMatchObject({ code: 'sign-in-required' })
    expect(server.asked).toEqual([])
  })

  it('if another user signs in meanwhile (case O26)', async () => {
    const { provider, auth, server, left } = await signIn()
    const { fetch } = globalThis
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
      const response = await fetch(...request)
      if (!String(request[0]).endsWith('/userinfo')) return response
      server.quirks = { claims: { sub: 'bob' } }
      await provider.signInWithRedirect()
      await provider.completeSignIn(auth, { url: server.visit(left.at(-1)!) })
      return response
    })
    await expect(provider.userInfo(auth)).rejects.toMatchObject({ code: 'session-changed' })
  })

  it.for([true, false])(
    'by a provider that refuses this origin, or is down (case O23): own fetch %s',
    async (hasFetch) => {
      const { provider, auth, server } = await signIn()
      const { fetch } = globalThis
      let isThere = true
      vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
        if (!url.endsWith('/userinfo')) return fetch(url, init)
        return isThere && init.mode === 'no-cors'
          ? Promise.resolve(Response.error())
          : Promise.reject(new TypeError('Failed to fetch'))
      })
      const request = hasFetch ? { fetch: createAuthFetch(auth, { origins: [server.issuer] }) } : {}
      await expect(provider.userInfo(auth, request)).rejects.toMatchObject({
        code: 'misconfigured',
        cause: { message: expect.stringContaining('/userinfo is there') },
      })
      isThere = false
      await expect(provider.userInfo(auth, request)).rejects.toMatchObject({ code: 'unreachable' })
    },
  )
})
