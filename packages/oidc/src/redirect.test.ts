import { memoryStore, readClaims, settled } from '@tokenkeep/core'
import { expect, it, vi } from 'vitest'
import { openBrowser, type TestBrowser, type TestTab } from '../test/open-browser.ts'
import { app, openProvider, redirectUri, type TestProvider } from '../test/open-provider.ts'
import type { SignInOptions } from './index.ts'

/** A lifetime that no token has. So the next call refreshes. Seconds. */
const minValidSeconds = 100_000

/** Begins a sign-in in a tab, and returns the callback that opens in its place. */
const begin = async (world: TestProvider, browser: TestBrowser, options?: SignInOptions): Promise<string> => {
  const tab = browser.tab(`${app}orders`)
  await tab.provider.signInWithRedirect(options)
  return world.visit(tab.left[0]!)
}

const signIn = async (
  world: TestProvider,
  browser: TestBrowser,
  options?: SignInOptions,
): Promise<TestTab> => {
  const tab = browser.tab(await begin(world, browser, options))
  await tab.provider.completeSignIn(tab.auth)
  return tab
}

const asks = (world: TestProvider): number => world.requests.get('/token') ?? 0

it('signs in, keeps the claims, refreshes, and signs out at the provider (cases O16, O31)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const before = browser.tab(`${app}orders?page=2#row-7`)
  await before.provider.signInWithRedirect()
  const callback = await world.visit(before.left[0]!)
  expect(callback.startsWith(`${redirectUri}?code=`)).toBe(true)

  const tab = browser.tab(callback)
  const { provider, auth } = tab
  await expect(provider.completeSignIn(auth)).resolves.toEqual({
    status: 'signed-in',
    returnTo: '/orders?page=2#row-7',
  })
  expect(tab.address).toBe(`${app}orders?page=2#row-7`)
  expect(tab.events).toEqual([])
  const claims = { sub: 'ada', name: 'ada Ärzte', iss: world.issuer }
  expect(auth.session()).toMatchObject({ userId: 'ada', renewable: true, claims })
  expect(auth.session()!.claims).not.toHaveProperty('nonce')
  const token = await auth.getAuthToken()
  expect(await auth.getAuthToken({ minValidSeconds })).not.toBe(token)
  expect(auth.session()).toMatchObject({ claims })
  expect(auth.session()!.claims).not.toHaveProperty('exp')

  await provider.signOutWithRedirect(auth)
  expect(auth.get().status).toBe('signed-out')
  const url = new URL(tab.left[0]!)
  expect(readClaims(url.searchParams.get('id_token_hint'))).toMatchObject({ sub: 'ada', aud: 'shop' })
  await expect(world.visit(url.href)).resolves.toBe(app)
  // The session at the provider is over too.
  const silent = browser.tab(await begin(world, browser, { prompt: 'none' }))
  await expect(silent.provider.completeSignIn(silent.auth)).resolves.toMatchObject({ status: 'none' })
  expect(world.errors).toEqual([])
})

it('all calls for one callback share one result and one exchange (case O01)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const { provider, auth } = browser.tab(await begin(world, browser))
  const results = await Promise.all([provider.completeSignIn(auth), provider.completeSignIn(auth)])
  expect(results).toEqual([
    { status: 'signed-in', returnTo: '/orders' },
    { status: 'signed-in', returnTo: '/orders' },
  ])
  expect(asks(world)).toBe(1)
  // The address is clean now, so a component that is mounted later sees any other page.
  await expect(provider.completeSignIn(auth)).resolves.toBeUndefined()
})

it('a callback that is opened again sends nothing, and leads to the same page (cases O02, O03, O04)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const callback = await begin(world, browser)
  const tabs = [browser.tab(callback), browser.tab(callback), browser.tab(callback)]
  const results = await Promise.all(tabs.map(({ provider, auth }) => provider.completeSignIn(auth)))
  expect(results.map((result) => result!.status).toSorted()).toEqual(['repeated', 'repeated', 'signed-in'])
  expect(new Set(results.map((result) => result!.returnTo))).toEqual(new Set(['/orders']))
  expect(asks(world)).toBe(1)
  const { auth } = browser.tab()
  expect((await settled(auth)).status).toBe('valid')
  // The provider would have ended the session if the code had come twice.
  await expect(auth.getAuthToken({ minValidSeconds })).resolves.toEqual(expect.any(String))
})

it('a user who is signed in sees no error if the callback is too old to be known (case O02)', async () => {
  // As in AxaFrance/oidc-client#1635: the back button leads to the provider, which sends the user on at once.
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const callback = await begin(world, browser)
  await signIn(world, browser)
  const asked = asks(world)
  browser.storage = memoryStore()
  const { provider, auth } = browser.tab(callback)
  await expect(provider.completeSignIn(auth)).resolves.toEqual({ status: 'repeated', returnTo: '/' })
  expect(asks(world)).toBe(asked)
})

it('tabs that sign in at once do not disturb each other (case O08)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const callbacks = [await begin(world, browser), await begin(world, browser), await begin(world, browser)]
  for (const callback of callbacks) {
    const { provider, auth } = browser.tab(callback)
    // oxlint-disable-next-line no-await-in-loop -- One after the other: each takes the place of the last.
    await expect(provider.completeSignIn(auth)).resolves.toMatchObject({ status: 'signed-in' })
  }
  // All three share one token family. If one were revoked, the others would be over too.
  const { auth } = browser.tab()
  await settled(auth)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await expect(auth.getAuthToken({ minValidSeconds })).resolves.toEqual(expect.any(String))
  expect(world.requests.get('/token/revocation')).toBeUndefined()
  expect(world.errors).toEqual([])
})

it('a sign-in of another user takes the place of the session, which is revoked (case O26)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const first = await signIn(world, browser)
  expect(first.auth.session()!.userId).toBe('ada')
  world.user = 'bob'
  const second = await signIn(world, browser, { prompt: 'login consent' })
  expect(second.auth.session()!.userId).toBe('bob')
  await vi.waitFor(() => expect(world.requests.get('/token/revocation')).toBeGreaterThan(0))
  await vi.waitFor(() => expect(first.auth.session()!.userId).toBe('bob'))
  await expect(second.auth.getAuthToken({ minValidSeconds })).resolves.toEqual(expect.any(String))
})

it('a user who refuses the sign-in is back on their page, with a clean address (case O09)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  world.user = undefined
  const tab = browser.tab(await begin(world, browser))
  await expect(tab.provider.completeSignIn(tab.auth)).rejects.toMatchObject({
    code: 'denied',
    returnTo: '/orders',
    cause: { message: 'The provider answered access_denied. the user refused' },
  })
  expect(tab.address).toBe(`${app}orders`)
})

it('if nobody is signed in at the provider, `prompt: none` gets an answer and no error (case O10)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const tab = browser.tab(await begin(world, browser, { prompt: 'none' }))
  await expect(tab.provider.completeSignIn(tab.auth)).resolves.toEqual({
    status: 'none',
    returnTo: '/orders',
  })
  expect(asks(world)).toBe(0)
})

it('the address is clean before the first request (case O15)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const tab = browser.tab(`${await begin(world, browser)}#access_token=foreign`)
  const seen: string[] = []
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (...request: Parameters<typeof fetch>) => {
    seen.push(tab.address)
    return fetch(...request)
  })
  await tab.provider.completeSignIn(tab.auth).finally(() => vi.unstubAllGlobals())
  expect(seen.length).toBeGreaterThan(0)
  expect(new Set(seen)).toEqual(new Set([`${app}orders`]))
})

it('a step-up proves when and how the user signed in, and who (cases O26, O27)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const { auth } = await signIn(world, browser)
  const stepped = await signIn(world, browser, { maxAge: 0, userId: 'ada' })
  expect(stepped.auth.session()!.claims).toHaveProperty('auth_time')

  const weak = browser.tab(await begin(world, browser, { acrValues: 'mfa' }))
  await expect(weak.provider.completeSignIn(weak.auth)).rejects.toMatchObject({
    code: 'untrusted',
    claim: 'acr',
  })

  world.user = 'bob'
  const other = browser.tab(await begin(world, browser, { prompt: 'login consent', userId: 'ada' }))
  await expect(other.provider.completeSignIn(other.auth)).rejects.toMatchObject({
    code: 'untrusted',
    claim: 'sub',
  })
  await settled(auth)
  expect(auth.session()!.userId).toBe('ada')
})

it('asks for a resource at the sign-in and at each refresh', async () => {
  const resource = 'https://api.example/orders'
  const world = await openProvider({
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'api', accessTokenFormat: 'jwt' }),
      },
    },
  })
  const browser = openBrowser(world.issuer, { resource, scope: 'openid offline_access api' })
  const { auth } = await signIn(world, browser)
  expect(readClaims(await auth.getAuthToken())?.['aud']).toBe(resource)
  expect(readClaims(await auth.getAuthToken({ minValidSeconds }))?.['aud']).toBe(resource)
  expect(world.errors).toEqual([])
})

it('without a refresh token, the session says so, and an event says what to change (case O24)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer, { scope: 'openid' })
  const { auth, events } = await signIn(world, browser)
  expect(auth.session()!.renewable).toBe(false)
  expect(events).toEqual([{ type: 'no-refresh-token', advice: expect.stringContaining('offline_access') }])
})
