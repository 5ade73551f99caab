import { expect } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Browser, type Tab } from './cdp.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { FlakyOrigin } from './flaky-origin.ts'
import { openSession, SessionServer, TOKEN_LIFETIME } from './session-server.ts'

const transports = {
  body: "sessionServer({ url: location.origin, appId: 'demo' })",
  cookie: "withCookie(sessionServer({ url: location.origin, appId: 'demo' }))",
}
/** Where the refresh token is stored: in the record, or in a cookie. */
export type Mode = keyof typeof transports

/** The session of a sign-in. */
export interface SignedIn {
  readonly sessionId: string
  readonly refreshToken: string
}

/** A session server, an origin with a page in front of it, and a browser with its own profile. */
export class World {
  readonly server: SessionServer
  readonly origin: FlakyOrigin
  readonly #mode: Mode
  readonly #profile: string
  #browser: Browser

  private constructor(
    server: SessionServer,
    origin: FlakyOrigin,
    mode: Mode,
    profile: string,
    browser: Browser,
  ) {
    this.server = server
    this.origin = origin
    this.#mode = mode
    this.#profile = profile
    this.#browser = browser
  }

  /** `authTokenLifetime`: how long an auth token lives, in seconds. */
  static async start(mode: Mode = 'body', authTokenLifetime = TOKEN_LIFETIME): Promise<World> {
    const port = await freePort()
    const server = await SessionServer.create(
      await freePort(),
      `http://localhost:${port}`,
      'e2e',
      authTokenLifetime,
    )
    await server.start()
    const origin = await FlakyOrigin.start(port, () => server.url, transports[mode])
    const profile = await mkdtemp(join(tmpdir(), 'tokenkeep-profile-'))
    return new World(server, origin, mode, profile, await Browser.start(profile))
  }

  /** Opens a tab without waiting until it has loaded. */
  async tab(): Promise<Tab> {
    return this.#browser.open(this.origin.url)
  }

  /** Opens a tab and waits until it has read its storage. */
  async open(): Promise<Tab> {
    const tab = await this.tab()
    const loaded = (): Promise<string> =>
      tab
        .evaluate<string>(
          `document.readyState + ' ' + globalThis.auth?.get().status + ' ' + !!globalThis.auth?.session()`,
        )
        .catch((error: Error) => error.message)
    await expect.poll(loaded).toMatch(/true|signed-out/)
    return tab
  }

  /** Signs a new user in. The page does not need a connection to the server. */
  async signIn(tab: Tab): Promise<SignedIn> {
    const result = await openSession(this.server)
    const { refresh_token: refreshToken, ...kept } = result
    if (this.#mode === 'cookie') {
      // In cookie mode, the last response of a sign-in sets this cookie.
      const cookie = { url: this.origin.url, name: 'tokenkeep-demo', value: refreshToken, httpOnly: true }
      const expires = Date.now() / 1000 + 3600
      await tab.send('Network.setCookie', { ...cookie, sameSite: 'Strict', expires })
    }
    await tab.evaluate(`auth.signIn(${JSON.stringify(this.#mode === 'cookie' ? kept : result)})`)
    return { sessionId: result.session_id, refreshToken: refreshToken! }
  }

  /** Counts the outcomes of refreshes in the server's log. */
  outcomes(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { outcome } of this.server.refreshes()) counts[outcome] = (counts[outcome] ?? 0) + 1
    return counts
  }

  /** Ends the browser, by a crash or as a person closes it, and starts a new one with the same profile. */
  async restart(how: 'kill' | 'close'): Promise<void> {
    await this.#browser[how]()
    this.#browser = await Browser.start(this.#profile)
  }

  async dispose(): Promise<void> {
    await this.#browser.kill()
    this.origin.close()
    await this.server.dispose()
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What happened in a tab since it was opened. */
export interface Diary {
  readonly states: readonly string[]
  readonly codes: Readonly<Record<string, number>>
  readonly tokens: number
  readonly last: string
}

export const diary = (tab: Tab): Promise<Diary> =>
  tab.evaluate('globalThis.diary ?? { states: [], codes: {}, tokens: 0, last: "" }')

export const status = (tab: Tab): Promise<string> => tab.evaluate('auth.get().status')
