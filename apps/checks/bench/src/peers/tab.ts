import type { BrowserContext, Page } from '@playwright/test'
import type { Endpoint } from '../endpoint/endpoint.ts'
import { run } from '../frame/browser.ts'
import type { PageOfPeer } from './page.ts'
import type { Session } from './peer.ts'

/** The globals that its script adds to the page. */
declare const bench: PageOfPeer

/** Milliseconds after which a call counts as hanging. */
const patience = 10_000

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
    const page = await run(context, endpoint, name)
    await within(page.evaluate((session) => bench.open(session), session))
    return new Tab(page)
  }

  /** A token that is valid now. Undefined for any other result, and for none. */
  async token(): Promise<string | undefined> {
    return within(this.#page.evaluate(() => bench.token()))
  }

  /** How many of `callers` got a token, if all ask at once. */
  async stampede(callers: number): Promise<number> {
    return this.#page.evaluate((callers) => bench.stampede(callers), callers)
  }

  /** Nanoseconds per call of `calls`, one after the other. */
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

/** The result, but undefined after a rejection, a closed page or the time limit. */
async function within<T>(work: Promise<T>): Promise<T | undefined> {
  const answer = work.catch(() => undefined)
  return Promise.race([answer, new Promise<undefined>((resolve) => setTimeout(resolve, patience))])
}
