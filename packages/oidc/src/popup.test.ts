import { createTokenManager, settled, type Store } from '@tokenkeep/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openBrowser, type TestBrowser, type TestTab } from '../test/open-browser.ts'
import { app, openProvider } from '../test/open-provider.ts'
import { openQuirkServer, type Quirks } from '../test/quirk-server.ts'
import type { PopupOptions } from './index.ts'

/** Clicks in a tab. Resolves once the popup shows the provider. */
async function click(tab: TestTab, options?: PopupOptions) {
  const ending = tab.provider.signInWithPopup(tab.auth, options)
  // A test may look at the failure later.
  ending.catch(() => {})
  const popup = tab.popups.at(-1)!
  await vi.waitFor(() => expect(popup.url).toBeDefined())
  return { ending, popup, url: popup.url! }
}

/** The callback page opens in the popup. */
const arrive = (browser: TestBrowser, callback: string) => {
  const tab = browser.tab(callback)
  const ending = tab.provider.completeSignIn(tab.auth)
  ending.catch(() => {})
  return { tab, ending }
}

async function open(address?: string) {
  const server = await openQuirkServer()
  const browser = openBrowser(server.issuer)
  return { server, browser, tab: browser.tab(address) }
}

it('signs in in a popup: the page stays as it is, and has the session (cases O28, O29)', async () => {
  // As in damienbod/angular-auth-oidc-client#931, whose page had no session until it was loaded again.
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const tab = browser.tab(`${app}orders?draft=1`)
  const ending = tab.provider.signInWithPopup(tab.auth)
  // The browser allows it in the click's own turn only.
  expect(tab.popups).toHaveLength(1)
  const [popup] = tab.popups
  await vi.waitFor(() => expect(popup!.url).toBeDefined())
  const state = new URL(popup!.url!).searchParams.get('state')!
  const messages: unknown[] = []
  const spy = new BroadcastChannel(`tokenkeep-popup ${state}`)
  spy.onmessage = ({ data }: MessageEvent) => void messages.push(data)
  onTestFinished(() => spy.close())

  const inPopup = arrive(browser, await world.visit(popup!.url!))
  await expect(ending).resolves.toEqual({ status: 'signed-in', returnTo: '/orders?draft=1' })
  expect(tab.auth.session()).toMatchObject({ userId: 'ada', claims: { name: 'ada Ärzte' } })
  expect([tab.address, tab.left]).toEqual([`${app}orders?draft=1`, []])
  await inPopup.ending
  expect([inPopup.tab.isClosed, popup!.isClosed]).toEqual([true, true])
  await vi.waitFor(() =>
    expect(messages).toEqual([{ status: 'signed-in', ath: expect.any(String) }, 'heard']),
  )
  // No token leaves the storage.
  expect(JSON.stringify(messages)).not.toContain(await tab.auth.getAuthToken())
})

it('a step-up in a popup renews the session of the page (case O27)', async () => {
  const world = await openProvider()
  const browser = openBrowser(world.issuer)
  const tab = browser.tab()
  const first = await click(tab)
  arrive(browser, await world.visit(first.url))
  await first.ending
  const { userId } = tab.auth.session()!
  const second = await click(tab, { maxAge: 0, userId })
  arrive(browser, await world.visit(second.url))
  await expect(second.ending).resolves.toMatchObject({ status: 'signed-in' })
  expect(tab.auth.session()!.claims).toHaveProperty('auth_time')
})

it('a page that refreshes meanwhile still waits for the session of the popup (case O27)', async () => {
  const { server, browser, tab } = await open()
  const storage: Store = {
    async update(...change) {
      // This page reads more slowly than the popup tells.
      await new Promise((resolve) => setTimeout(resolve, 300))
      return browser.sessions.update(...change)
    },
  }
  const auth = createTokenManager({ transport: tab.provider.transport, storage })
  onTestFinished(() => auth.dispose())
  const page = { ...tab, auth }
  const first = await click(page)
  arrive(browser, server.visit(first.url))
  await first.ending
  const second = await click(page)
  server.quirks = { tokens: { access_token: 'at2' } }
  await expect(auth.getAuthToken({ minValidSeconds: 100_000 })).resolves.toBe('at2')
  server.quirks = { tokens: { access_token: 'at3' }, claims: { acr: 'mfa' } }
  arrive(browser, server.visit(second.url))
  await second.ending
  expect(auth.get()).toMatchObject({ token: 'at3', session: { claims: { acr: 'mfa' } } })
})

it('a popup that is blocked sends nothing, and the user can sign in by redirect (case O28)', async () => {
  const { server, browser, tab } = await open()
  const request = vi.spyOn(globalThis, 'fetch')
  browser.blocksPopups = true
  await expect(tab.provider.signInWithPopup(tab.auth)).rejects.toMatchObject({ code: 'popup-blocked' })
  expect(request).not.toHaveBeenCalled()
  request.mockRestore()
  await tab.provider.signInWithRedirect()
  expect(tab.left[0]!.startsWith(server.issuer)).toBe(true)
})

it('a popup that the user closes is over at once, and the next one has nothing of it (case O29)', async () => {
  // authts/oidc-client-ts#2043: the promise never settles. AzureAD/microsoft-authentication-library-for-js#8521: it does after a
  // minute. auth0/auth0-spa-js#582: the second popup has an invalid state.
  const { server, browser, tab } = await open(`${app}orders`)
  const first = await click(tab)
  first.popup.isClosed = true
  await expect(first.ending).rejects.toMatchObject({ code: 'popup-closed', returnTo: '/orders' })
  const second = await click(tab)
  arrive(browser, server.visit(second.url))
  await expect(second.ending).resolves.toMatchObject({ status: 'signed-in' })
})

it('a popup that only looks closed still signs in (case O29)', async () => {
  // auth0/auth0-spa-js#513: the promise rejects, and the user is signed in.
  const { server, browser, tab } = await open()
  const { ending, popup, url } = await click(tab)
  popup.isClosed = true
  await expect(ending).rejects.toMatchObject({ code: 'popup-closed' })
  const inPopup = arrive(browser, server.visit(url))
  await expect(inPopup.ending).resolves.toMatchObject({ status: 'signed-in' })
  expect(inPopup.tab.isClosed).toBe(true)
  await vi.waitFor(() => expect(tab.auth.get().status).toBe('valid'))
})

it('a double click opens one popup, and brings it to the front (case O12)', async () => {
  // As manfredsteyer/angular-oauth2-oidc#1098 and authts/oidc-client-ts#1114, whose popups were opened or loaded again.
  const { server, browser, tab } = await open()
  const first = await click(tab)
  const second = tab.provider.signInWithPopup(tab.auth)
  expect(tab.popups).toHaveLength(1)
  expect(first.popup.focused).toBe(1)
  arrive(browser, server.visit(first.url))
  expect(await second).toBe(await first.ending)
})

it('popups of two tabs do not disturb each other (case O08)', async () => {
  const { server, browser, tab } = await open()
  const other = browser.tab()
  const [one, two] = [await click(tab), await click(other)]
  // The server of the test knows one nonce at a time.
  arrive(browser, server.visit(two.url))
  await expect(two.ending).resolves.toMatchObject({ status: 'signed-in' })
  arrive(browser, server.visit(one.url))
  await expect(one.ending).resolves.toMatchObject({ status: 'signed-in' })
})

it('an aborted sign-in closes its popup, and can sign nobody in any more (case O29)', async () => {
  const { server, browser, tab } = await open()
  const leaving = new AbortController()
  const { ending, popup, url } = await click(tab, { signal: leaving.signal })
  leaving.abort(new Error('the dialog was closed'))
  await expect(ending).rejects.toThrow('the dialog was closed')
  expect(popup.isClosed).toBe(true)
  const { tab: inPopup, ending: late } = arrive(browser, server.visit(url))
  await expect(late).resolves.toMatchObject({ status: 'repeated' })
  expect([inPopup.isClosed, inPopup.auth.get().status, server.exchanged]).toEqual([true, 'signed-out', []])

  // The popup closes at once, even if the provider has not answered yet.
  const early = new AbortController()
  const closing = tab.provider.signInWithPopup(tab.auth, { signal: early.signal })
  early.abort(new Error('too early'))
  await expect(closing).rejects.toThrow('too early')
  expect(tab.popups.at(-1)).toMatchObject({ url: undefined, isClosed: true })
  const before = tab.popups.length
  await expect(tab.provider.signInWithPopup(tab.auth, { signal: leaving.signal })).rejects.toThrow(
    'the dialog',
  )
  expect(tab.popups).toHaveLength(before)
})

it('a failure reaches the page with its cause, and the popup closes (case O09)', async () => {
  // auth0/auth0-spa-js#92: the popup stays open.
  const world = await openProvider()
  world.user = undefined
  const browser = openBrowser(world.issuer)
  const tab = browser.tab(`${app}orders`)
  const { ending, url } = await click(tab)
  const inPopup = arrive(browser, await world.visit(url))
  await expect(ending).rejects.toMatchObject({
    code: 'denied',
    returnTo: '/orders',
    cause: { message: 'The provider answered access_denied. the user refused' },
  })
  await expect(inPopup.ending).rejects.toMatchObject({ code: 'denied' })
  expect(inPopup.tab.isClosed).toBe(true)
})

it('if the provider says that nobody is signed in, the page hears it (case O10)', async () => {
  const { server, browser, tab } = await open()
  server.quirks = { callback: { code: undefined, error: 'login_required' } }
  const { ending, url } = await click(tab, { prompt: 'none' })
  arrive(browser, server.visit(url))
  await expect(ending).resolves.toMatchObject({ status: 'none' })
})

it('a provider that is down closes the popup (case O11)', async () => {
  const tab = openBrowser('http://127.0.0.1:1').tab()
  await expect(tab.provider.signInWithPopup(tab.auth)).rejects.toMatchObject({ code: 'unreachable' })
  expect(tab.popups[0]!.isClosed).toBe(true)
})

describe('the page that opened a popup is gone, for example because it was loaded again (case O29)', () => {
  /** The popup's callback, at a provider with these quirks. Nobody hears of its end. */
  const arriveAlone = async (quirks: Quirks) => {
    const { server, browser, tab } = await open()
    const { url } = await click(tab)
    class Deaf extends EventTarget {
      postMessage(): void {}
      close(): void {}
    }
    vi.stubGlobal('BroadcastChannel', Deaf)
    onTestFinished(() => void vi.unstubAllGlobals())
    server.quirks = quirks
    return { ...arrive(browser, server.visit(url)), browser }
  }

  it('signs in, and closes', async () => {
    // The popup never shows the app, as in AzureAD/microsoft-authentication-library-for-js#5351.
    const { tab, ending, browser } = await arriveAlone({})
    await expect(ending).resolves.toMatchObject({ status: 'signed-in' })
    expect(tab.isClosed).toBe(true)
    expect((await settled(browser.tab().auth)).status).toBe('valid')
  })

  it('shows a failure, and does not close', async () => {
    const { tab, ending } = await arriveAlone({ claims: { aud: 'canary' } })
    await expect(ending).rejects.toMatchObject({ code: 'untrusted' })
    expect(tab.isClosed).toBe(false)
  })
})

it('a session that the page cannot see is a mistake of the app', async () => {
  const { server, browser, tab } = await open()
  const { ending, url } = await click(tab)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const alone = openBrowser(server.issuer)
  alone.storage = browser.storage
  arrive(alone, server.visit(url))
  let failure: unknown
  ending.catch((error: unknown) => (failure = error))
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1000)
    expect(failure).toMatchObject({ code: 'misconfigured' })
  })
})
