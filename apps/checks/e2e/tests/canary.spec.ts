import { expect, test, type Page, type Route } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { FlakyOrigin } from '../src/flaky-origin.ts'
import { openSession, SessionServer } from '../src/session-server.ts'

/** Runs in the page. Records every message between tabs and every uncaught error. */
const eavesdrop = `
  globalThis.overheard = []
  // Makes the pauses between tries as short as possible.
  Math.random = () => 0.001
  for (const { prototype } of [BroadcastChannel, MessagePort, Worker]) {
    const { postMessage } = prototype
    prototype.postMessage = function (...message) {
      overheard.push(JSON.stringify([this.name, message]))
      return postMessage.apply(this, message)
    }
  }
  for (const type of ['error', 'unhandledrejection'])
    addEventListener(type, (event) => overheard.push(String(event.reason ?? event.error ?? event.message)))
  globalThis.describe = (error, depth = 0) =>
    error instanceof Error && depth < 5
      ? [String(error), error.stack, JSON.stringify(error), describe(error.cause, depth + 1)].join()
      : JSON.stringify(error)
`

/** Returns everything that an observer of the page can see now, except the page's storage and memory. */
const visible = `(async () => JSON.stringify([
  location.href, document.referrer, document.title, document.cookie, history.state, name,
  diary.events, overheard,
  performance.getEntries().map((entry) => entry.name),
  await navigator.locks.query(), await indexedDB.databases(),
]))()`

/** Servers that cannot be reached, that echo the request as error pages do, or that send tokens in wrong places. */
const faults: Record<string, (route: Route, body: string) => Promise<void>> = {
  'no network': (route) => route.abort('internetdisconnected'),
  'an error page with the request on it': (route, body) => route.fulfill({ status: 500, body }),
  'a captive portal': (route, body) => route.fulfill({ contentType: 'text/html', body: `<p>${body}</p>` }),
  'a response in another protocol': (route, body) =>
    route.fulfill({ status: 401, json: { code: body, detail: body } }),
  'a response with the wrong tokens': (route, body) =>
    route.fulfill({ status: 201, json: { auth_result: { auth_token: body, refresh_token: body } } }),
  'too many requests': (route, body) => route.fulfill({ status: 429, headers: { 'retry-after': '1' }, body }),
}

test(
  'no token appears in any log, error, event, address or message, from sign-in to sign-out',
  { tag: '@full' },
  async ({ context }) => {
    const port = await freePort()
    const server = await SessionServer.create(await freePort(), `http://localhost:${port}`)
    await server.start()
    const origin = await FlakyOrigin.start(port, () => server.url)
    const tokensUrl = `${origin.url}/v1/apps/${SessionServer.appId}/tokens`

    const tokens = new Set<string>()
    const keep = (result: { auth_token: string; refresh_token?: string }): void =>
      void tokens.add(result.auth_token).add(result.refresh_token!)
    const said: string[] = []
    const sent: string[] = []
    context.on('console', (message) => said.push(message.text(), message.location().url))
    context.on('weberror', (error) => said.push(String(error.error().stack)))
    context.on('request', (request) => {
      said.push(request.url(), request.headers()['referer'] ?? '')
      sent.push(request.postData() ?? '')
    })
    context.on('response', async (response) => {
      if (response.url() !== tokensUrl || response.status() !== 201) return
      const body = (await response.json()) as { auth_result: { auth_token: string; refresh_token?: string } }
      if (body.auth_result.auth_token.startsWith('eyJ')) keep(body.auth_result)
    })
    await context.addInitScript(eavesdrop)

    const tabs: Page[] = [await context.newPage(), await context.newPage()]
    for (const tab of tabs) await tab.goto(origin.url)
    const here = tabs[0]!
    const status = (tab: Page): Promise<string> => tab.evaluate('globalThis.auth?.get().status')
    const become = async (wanted: string): Promise<void> => {
      for (const tab of tabs) await expect.poll(() => status(tab)).toBe(wanted)
    }
    const signIn = async (): Promise<string> => {
      const result = await openSession(server)
      keep(result)
      await here.evaluate(`auth.signIn(${JSON.stringify(result)})`)
      await become('valid')
      return result.session_id
    }
    const hear = async (tab: Page, work: string): Promise<void> =>
      void said.push(await tab.evaluate<string>(`(async () => ${work})().then(() => '', describe)`))
    /** Returns how refreshes ended, according to the events of the pages. */
    const ends = async (): Promise<string[]> => {
      const read = 'diary.events.map(({ code, reason }) => code ?? reason)'
      return (await Promise.all(tabs.map((tab) => tab.evaluate<string[]>(read)))).flat()
    }

    await become('signed-out')
    await hear(here, "auth.signIn({ auth_token: 'canary', refresh_token: 'canary' })")
    await signIn()
    await here.reload()
    await expect.poll(() => server.refreshes().length).toBeGreaterThanOrEqual(2)
    // This API refuses a valid token, and repeats the token in the response.
    await context.route('**/orders', (route) =>
      route.fulfill({ status: 401, body: route.request().headers()['authorization']! }),
    )
    for (const tab of tabs) await hear(tab, "authFetch('/orders').then(({ status }) => { throw status })")

    const met = new Set<string>()
    let fault: string
    await context.route(tokensUrl, (route) => {
      met.add(fault)
      return faults[fault]!(route, route.request().postData()!)
    })
    for (fault of Object.keys(faults)) {
      await expect.poll(() => met).toContain(fault)
      for (const tab of tabs) await hear(tab, 'auth.getAuthToken()')
    }
    await context.unroute(tokensUrl)
    await become('valid')

    // First the server ends the session. Then this page signs out while the server is away.
    await server.manage('DELETE', '/sessions')
    await become('signed-out')
    for (const tab of tabs) await hear(tab, 'auth.getAuthToken()')
    const last = await signIn()
    origin.state = 'broken'
    await here.evaluate('auth.signOut()')
    await become('signed-out')
    origin.recover()
    const signedOut = (): boolean =>
      server.log.some(({ msg, session }) => msg === 'sign-out' && session === last)
    await expect.poll(signedOut).toBe(true)

    const shown = await Promise.all(tabs.map((tab) => tab.evaluate<string>(visible)))
    const everything = [...said, ...shown, ...server.log.map((line) => JSON.stringify(line))]
    const leaks = (texts: readonly string[]): string[] =>
      [...tokens].filter((token) =>
        // The end of the signature is enough to recognize a token.
        texts.some((text) => text.includes(token.slice(-20))),
      )
    // Checks that the search works: it finds the tokens in the requests to the server.
    expect(leaks(sent).length).toBeGreaterThanOrEqual(3)
    expect(shown.join()).toContain('epoch')
    expect(await ends()).toEqual(expect.arrayContaining([undefined, 'unreachable', 'revoked']))
    console.log(`${tokens.size} tokens, found in 0 of ${everything.length} texts`)
    expect(leaks(everything)).toEqual([])
    expect(everything.join()).not.toMatch(/eyJ|rt1\.|canary/)

    origin.close()
    await server.dispose()
  },
)
