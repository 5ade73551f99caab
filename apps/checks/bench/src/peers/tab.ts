import type { BrowserContext, Page } from '@playwright/test'
import type { Endpoint } from '../endpoint/endpoint.ts'
import { run } from '../frame/browser.ts'
import type { PageOfPeer } from './page.ts'
import type { Session } from './peer.ts'

/** What the peer's script has put into the page. */
declare const bench: PageOfPeer

/** A call that takes longer counts as hanging. Milliseconds. */
const timeout = 10_000

/** A peer's client in one real tab. */
export class Tab {
  readonly #page: Page

  private constructor(page: Page) {
    this.#page = page
  }

  static async open(
    context: BrowserContext,
    endpoint: Endpoint,
    name: string,
    session?: Session,
  ): Promise<Tab> {
    const tab = await Tab.load(context, endpoint, name)
    await within(tab.#page.evaluate((session) => bench.open(session), session))
    return tab
  }

  /** Loads the page without creating its client. */
  static async load(context: BrowserContext, endpoint: Endpoint, name: string): Promise<Tab> {
    return new Tab(await run(context, endpoint, name))
  }

  /** Loads the page again, without creating its client. */
  async reload(): Promise<void> {
    await this.#page.reload()
  }

  /** Creates the client from its storage. Resolves to how long its first token took. Milliseconds. */
  async first(): Promise<number> {
    return this.#page.evaluate(() => bench.first())
  }

  /** Resolves to a token that can be used now, otherwise to undefined. */
  async token(): Promise<string | undefined> {
    return within(this.#page.evaluate(() => bench.token()))
  }

  /** Resolves to how many of `callers` parallel calls got a token. */
  async stampede(callers: number): Promise<number> {
    return this.#page.evaluate((callers) => bench.stampede(callers), callers)
  }

  /** Makes `calls` calls, one after the other. Resolves to nanoseconds per call. */
  async time(calls: number): Promise<number> {
    return this.#page.evaluate((calls) => bench.time(calls), calls)
  }

  async signOut(): Promise<void> {
    await within(this.#page.evaluate(() => bench.signOut()))
  }

  async close(): Promise<void> {
    await this.#page.close()
  }
}

/** Resolves to undefined if the call rejects, hangs, or its page is gone. */
async function within<T>(work: Promise<T>): Promise<T | undefined> {
  const answer = work.catch(() => undefined)
  return Promise.race([answer, new Promise<undefined>((resolve) => setTimeout(resolve, timeout))])
}
