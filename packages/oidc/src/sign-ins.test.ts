import { memoryStore } from '@tokenkeep/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../test/open-browser.ts'
import { app, redirectUri } from '../test/open-provider.ts'
import { openQuirkServer } from '../test/quirk-server.ts'
import { browserPage, isSignInError, oidc, SignInError, type OidcOptions } from './index.ts'
import { safeReturnTo } from './return-to.ts'
import { signInsIn } from './sign-ins.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a callback', () => {
  it.for([
    `${app}pay?code=c&state=tokenkeep-x`,
    `${redirectUri}?code=c&state=stripe`,
    `${redirectUri}?code=c`,
    `${redirectUri}#access_token=a&state=tokenkeep-x`,
    'https://evil.example/callback?code=c&state=tokenkeep-x',
    'about:blank',
    'not a url',
  ])('of other code is left alone: %s (case O14)', async (address) => {
    const tab = openBrowser('https://id.example').tab(address)
    await expect(tab.provider.completeSignIn(tab.auth)).resolves.toBeUndefined()
    expect(tab.address).toBe(address)
  })

  it('that this browser does not know is lost: no request, a clean address, no new sign-in (cases O05, O19)', async () => {
    const request = vi.fn<typeof fetch>()
    vi.stubGlobal('fetch', request)
    const tab = openBrowser('https://id.example').tab(`${redirectUri}?code=c&state=tokenkeep-forged`)
    await expect(tab.provider.completeSignIn(tab.auth)).rejects.toMatchObject({
      code: 'sign-in-lost',
      returnTo: '/',
    })
    expect([tab.address, tab.left, request.mock.calls]).toEqual([app, [], []])
  })

  it('of one provider is not taken by another on the same page (case O20)', async () => {
    const [one, other] = [await openQuirkServer(), await openQuirkServer()]
    const browser = openBrowser(one.issuer)
    const before = browser.tab()
    await before.provider.signInWithRedirect()
    const callback = one.visit(before.left[0]!)
    const wrong = browser.tab(callback, { issuer: other.issuer })
    await expect(wrong.provider.completeSignIn(wrong.auth)).resolves.toBeUndefined()
    expect(wrong.address).toBe(callback)
    const right = browser.tab(callback)
    await expect(right.provider.completeSignIn(right.auth)).resolves.toMatchObject({ status: 'signed-in' })
    expect(other.exchanged).toEqual([])
  })

  it('of any form sends nothing if this browser did not begin the sign-in (case O19)', async () => {
    const request = vi.fn<typeof fetch>()
    vi.stubGlobal('fetch', request)
    const parts = fc.constantFrom(
      'code',
      'state',
      'iss',
      'error',
      'id_token',
      'response',
      '%00',
      'tokenkeep-',
    )
    const pair = fc.tuple(parts, fc.oneof(parts, fc.webQueryParameters()))
    await fc.assert(
      fc.asyncProperty(fc.array(pair), fc.webFragments(), async (pairs, fragment) => {
        const query = pairs.map(([name, value]) => `${name}=${value}`).join('&')
        const tab = openBrowser('https://id.example').tab(`${redirectUri}?${query}#${fragment}`)
        const error: unknown = await tab.provider.completeSignIn(tab.auth).catch((reason: unknown) => reason)
        tab.auth.dispose()
        if (error === undefined) return
        expect(isSignInError(error) && error.code).toBe('sign-in-lost')
        expect(tab.address).toBe(app)
      }),
    )
    expect(request).not.toHaveBeenCalled()
  })
})

describe('the page to return to', () => {
  it.for([
    ['/orders?page=2#row', '/orders?page=2#row'],
    ['orders', '/orders'],
    [`${app}#/orders`, '/#/orders'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example/', '/'],
    ['\\\\evil.example/', '/'],
    ['https://shop.example//evil.example', '/evil.example'],
    ['javascript:alert(1)', '/'],
    ['data:text/html,x', '/'],
    ['https://', '/'],
    [`${redirectUri}?code=c`, '/'],
  ] as const)('%s becomes %s (cases O16, O18)', ([returnTo, expected]) =>
    expect(safeReturnTo(returnTo, app, redirectUri)).toBe(expected),
  )

  it('respects the base address of the app (case O17)', () => {
    const base = 'https://shop.example/eu/index.html'
    expect(safeReturnTo('orders', base, `${base}/callback`)).toBe('/eu/orders')
    expect(safeReturnTo('https://evil.example', base, `${base}/callback`)).toBe('/eu/')
  })

  it('is always on the origin of the app (case O18)', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.webUrl()), (returnTo) => {
        const { origin } = new URL(safeReturnTo(returnTo, app, redirectUri), app)
        expect(`${origin}/`).toBe(app)
      }),
    ))
})

describe('sign-ins that wait', () => {
  const entry = { provider: 'p', at: 0, returnTo: '/', isAutomatic: false }
  const asked = { verifier: 'v', nonce: 'n', isSilent: false }

  it('are ten at most, an hour each (case O07)', async () => {
    const signIns = signInsIn(memoryStore())
    for (let number = 0; number < 30; number += 1)
      // oxlint-disable-next-line no-await-in-loop -- They are abandoned one after the other.
      await signIns.add({ ...entry, state: `s${number}`, at: number, asked })
    expect((await signIns.list(30)).map(({ state }) => state)).toEqual(
      Array.from({ length: 10 }, (_, index) => `s${index + 20}`),
    )
    expect(await signIns.take('s29', 'p', 3_600_029)).toBeUndefined()
    expect(await signIns.list(3_600_029)).toEqual([])
  })

  it('keep no secret once they are taken', async () => {
    const storage = memoryStore()
    const signIns = signInsIn(storage)
    await signIns.add({ ...entry, state: 's', asked: { ...asked, verifier: 'canary' } })
    expect((await signIns.take('s', 'p', 1))?.asked?.verifier).toBe('canary')
    expect(JSON.stringify(await storage.update('sign-ins', (record) => record))).not.toContain('canary')
  })

  it('need storage before the page is left (case O06)', async () => {
    const { issuer } = await openQuirkServer()
    const browser = openBrowser(issuer)
    browser.storage = { update: () => Promise.reject(new DOMException('denied', 'SecurityError')) }
    const tab = browser.tab()
    await expect(tab.provider.signInWithRedirect()).rejects.toMatchObject({ code: 'storage' })
    expect(tab.left).toEqual([])
    const callback = browser.tab(`${redirectUri}?code=c&state=tokenkeep-x`)
    await expect(callback.provider.completeSignIn(callback.auth)).rejects.toMatchObject({ code: 'storage' })
    expect(callback.address).toBe(app)
  })
})

describe('leaving the page', () => {
  it('a double click leaves once; when the page is shown again, the button works again (case O12)', async () => {
    const { issuer } = await openQuirkServer()
    const shown: (() => void)[] = []
    const urls: string[] = []
    const page = {
      ...browserPage,
      address: () => app,
      base: () => app,
      leave: (url: string) => {
        urls.push(url)
        return new Promise<void>((resolve) => void shown.push(resolve))
      },
    }
    const { provider } = openBrowser(issuer).tab(app, { page })
    const clicks = [provider.signInWithRedirect(), provider.signInWithRedirect()]
    await vi.waitFor(() => expect(urls).toHaveLength(1))
    const third = provider.signInWithRedirect()
    shown[0]!()
    await Promise.all([...clicks, third])
    expect(urls).toHaveLength(1)
    const fourth = provider.signInWithRedirect()
    await vi.waitFor(() => expect(urls).toHaveLength(2))
    shown[1]!()
    await fourth
  })

  it('a guard stops after three sign-ins in a minute that brought no session (case O13)', async () => {
    const server = await openQuirkServer()
    const browser = openBrowser(server.issuer)
    const guard = async () => {
      const tab = browser.tab()
      if (await tab.provider.ensureSignedIn(tab.auth, '/orders')) throw new Error('nobody is signed in')
      const back = browser.tab(server.visit(tab.left[0]!))
      await back.provider.completeSignIn(back.auth)
      // As if the clock, or the provider, ended each session at once.
      await back.auth.signOut()
    }
    for (let times = 0; times < 3; times += 1)
      // oxlint-disable-next-line no-await-in-loop -- One redirect follows the other.
      await guard()
    await expect(guard()).rejects.toMatchObject({ code: 'redirect-loop', returnTo: '/orders' })
    // The user may always start again.
    const { provider, left } = browser.tab()
    await provider.signInWithRedirect()
    expect(left).toHaveLength(1)
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] })
    await guard()
  })

  it('many tabs that are restored together are no loop (case O13)', async () => {
    // As in auth0/auth0-react#175.
    const { issuer } = await openQuirkServer()
    const browser = openBrowser(issuer)
    for (const tab of Array.from({ length: 9 }, () => browser.tab(`${app}orders`))) {
      // oxlint-disable-next-line no-await-in-loop -- One guard sees what the others have begun.
      await expect(tab.provider.ensureSignedIn(tab.auth)).resolves.toBe(false)
      expect(tab.left).toHaveLength(1)
    }
  })

  it('a guard on the callback waits for the sign-in that is under way, and never leaves (case O13)', async () => {
    const server = await openQuirkServer()
    const browser = openBrowser(server.issuer)
    const before = browser.tab()
    await before.provider.signInWithRedirect()
    const tab = browser.tab(server.visit(before.left[0]!))
    const { provider, auth } = tab
    const completing = provider.completeSignIn(auth)
    const atOnce = provider.ensureSignedIn(auth)
    await vi.waitFor(() => expect(tab.address).toBe(app))
    const withCleanAddress = provider.ensureSignedIn(auth)
    expect(await Promise.all([atOnce, withCleanAddress])).toEqual([true, true])
    expect([tab.left, (await completing)!.status]).toEqual([[], 'signed-in'])

    // An app may also leave the callback to its guard.
    await before.provider.signInWithRedirect()
    const guarded = browser.tab(server.visit(before.left[1]!))
    await guarded.auth.signOut()
    await expect(guarded.provider.ensureSignedIn(guarded.auth)).resolves.toBe(true)
  })

  it('a guard lets a user in who is signed in', async () => {
    const server = await openQuirkServer()
    const browser = openBrowser(server.issuer)
    const before = browser.tab()
    await before.provider.signInWithRedirect()
    const { provider, auth, left } = browser.tab(server.visit(before.left[0]!))
    await provider.completeSignIn(auth)
    await expect(provider.ensureSignedIn(auth)).resolves.toBe(true)
    expect(left).toEqual([])
  })

  it('an app without a browser gets its callback as a deep link (case O36)', async () => {
    const server = await openQuirkServer()
    const deepLink = 'com.example.shop://callback'
    const { provider, auth, left } = openBrowser(server.issuer).tab(app, { redirectUri: deepLink })
    await provider.signInWithRedirect({ returnTo: '/orders' })
    const url = server.visit(left[0]!)
    expect(url.startsWith(`${deepLink}?`)).toBe(true)
    await expect(provider.completeSignIn(auth, { url })).resolves.toEqual({
      status: 'signed-in',
      returnTo: '/orders',
    })
  })
})

describe('a sign-out', () => {
  it('works offline (case O30)', async () => {
    const server = await openQuirkServer()
    const browser = openBrowser(server.issuer)
    const before = browser.tab()
    await before.provider.signInWithRedirect()
    const { provider, auth, left } = browser.tab(server.visit(before.left[0]!))
    await provider.completeSignIn(auth)
    const offline = browser.tab()
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))
    await offline.provider.signOutWithRedirect(offline.auth)
    await vi.waitFor(() => expect(auth.get().status).toBe('signed-out'))
    expect([left, offline.left]).toEqual([[], []])
  })

  it.for<[string, (issuer: string) => Partial<OidcOptions>]>([
    ['discovered before', () => ({})],
    ['of a preset', (issuer) => ({ signOut: { endpoint: `${issuer}/logout`, returnParameter: 'returnTo' } })],
    [
      'given',
      (issuer) => ({
        metadata: {
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          end_session_endpoint: `${issuer}/end`,
        },
      }),
    ],
  ])('leaves the page only if the provider answers; its address is %s (case O30)', async ([, optionsFor]) => {
    const server = await openQuirkServer()
    server.quirks = { metadata: { end_session_endpoint: `${server.issuer}/end` } }
    const { provider, auth, left } = openBrowser(server.issuer, optionsFor(server.issuer)).tab()
    await provider.signInWithRedirect()
    await provider.signOutWithRedirect(auth)
    expect(left).toHaveLength(2)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))
    await provider.signOutWithRedirect(auth)
    expect(left).toHaveLength(2)
  })

  it('speaks the dialect of a provider that has its own', async () => {
    const { issuer } = await openQuirkServer()
    const signOut = { endpoint: 'https://login.example/logout', returnParameter: 'logout_uri' }
    const { provider, auth, left } = openBrowser(issuer).tab(app, { signOut })
    await provider.signOutWithRedirect(auth)
    expect(left).toEqual([
      'https://login.example/logout?client_id=shop&logout_uri=https%3A%2F%2Fshop.example%2F',
    ])
  })
})

describe('discovery', () => {
  it.for<[string, object, string, string]>([
    [
      'of another issuer',
      { metadata: { issuer: 'https://other.example/' } },
      'misconfigured',
      'https://other.example/',
    ],
    [
      'without an authorization endpoint',
      { metadata: { authorization_endpoint: undefined } },
      'misconfigured',
      'endpoint',
    ],
    ['at a wrong address', { metadataStatus: 404 }, 'misconfigured', '404'],
    ['at a server that fails', { metadataStatus: 503 }, 'unreachable', '503'],
  ])('%s', async ([, quirks, code, word]) => {
    const server = await openQuirkServer()
    server.quirks = quirks
    const { provider, left } = openBrowser(server.issuer).tab()
    const error: unknown = await provider.signInWithRedirect().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, cause: { message: expect.stringContaining(word) } })
    // The next click tries again.
    server.quirks = {}
    await provider.signInWithRedirect()
    expect(left).toHaveLength(1)
  })

  it.for(['login', 'http://login.example'])('%s is no issuer', async (issuer) => {
    const { provider } = openBrowser(issuer).tab()
    await expect(provider.signInWithRedirect()).rejects.toMatchObject({ code: 'misconfigured' })
  })

  it('tells a provider that refuses this origin from one that is down (case O23)', async () => {
    vi.stubGlobal('fetch', (_: string, { mode }: RequestInit) =>
      mode === 'no-cors'
        ? Promise.resolve(Response.error())
        : Promise.reject(new TypeError('Failed to fetch')),
    )
    const corsAdvice = 'Add this origin to Web Origins of the client.'
    const { provider } = openBrowser('https://id.example', { corsAdvice }).tab()
    await expect(provider.signInWithRedirect()).rejects.toMatchObject({
      code: 'misconfigured',
      cause: { message: expect.stringContaining(corsAdvice) },
    })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(provider.signInWithRedirect()).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('is not needed if the metadata is given', async () => {
    const request = vi.fn<typeof fetch>()
    vi.stubGlobal('fetch', request)
    const metadata = {
      authorization_endpoint: 'https://id.example/a',
      token_endpoint: 'https://id.example/t',
    }
    const { provider, left } = openBrowser('https://id.example', { metadata, audience: 'https://api' }).tab()
    await provider.signInWithRedirect({ loginHint: 'ada', params: { organization: 'o1', client_id: 'evil' } })
    const { searchParams } = new URL(left[0]!)
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: 'shop',
      organization: 'o1',
      login_hint: 'ada',
      audience: 'https://api',
      code_challenge_method: 'S256',
      response_mode: 'query',
    })
    expect(request).not.toHaveBeenCalled()
    expect(provider.transport.key).toBe(
      openBrowser('https://id.example', { audience: 'https://api' }).tab().provider.transport.key,
    )
  })
})

it('on a server there is no page, and nothing happens', async () => {
  const provider = oidc({ issuer: 'https://id.example', clientId: 'shop' })
  const { auth } = openBrowser('https://id.example').tab()
  await expect(provider.completeSignIn(auth)).resolves.toBeUndefined()
  expect(isSignInError(new SignInError('denied'))).toBe(true)
})
