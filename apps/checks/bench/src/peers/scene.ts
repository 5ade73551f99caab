import type { Browser, BrowserContext } from '@playwright/test'
import { Endpoint } from '../endpoint/endpoint.ts'
import { profile } from '../frame/browser.ts'
import { Tab } from './tab.ts'

/** After this time, each access token has expired. Minutes. */
export const expiry = 120

/** Tells whether the session is still alive at the next expiry. It asks twice, because a token that another tab has renewed may arrive late. */
export async function outlives(scene: Scene, tab: Tab): Promise<boolean> {
  await scene.pass(expiry)
  for (let tries = 0; tries < 2; tries++) if (await tab.token()) return true
  return false
}

/** A user whom one peer's client has signed in, with a profile and an endpoint of its own, and clocks that can be moved. */
export class Scene {
  readonly endpoint: Endpoint
  readonly context: BrowserContext
  readonly name: string

  private constructor(endpoint: Endpoint, context: BrowserContext, name: string) {
    this.endpoint = endpoint
    this.context = context
    this.name = name
  }

  static async set(
    browser: Browser,
    scripts: ReadonlyMap<string, string>,
    name: string,
    grace = 0,
  ): Promise<Scene> {
    const endpoint = await Endpoint.start(scripts, grace)
    const context = await profile(browser, endpoint)
    await context.clock.install()
    return new Scene(endpoint, context, name)
  }

  /** Opens the tab of the sign-in. Its client has the token. */
  async signIn(): Promise<Tab> {
    const tab = await Tab.open(this.context, this.endpoint, this.name, this.endpoint.open())
    if (!(await tab.token())) throw new Error(`${this.name} has no token right after the sign-in`)
    this.endpoint.requests = 0
    return tab
  }

  /** Opens another page of the same profile. */
  tab(): Promise<Tab> {
    return Tab.open(this.context, this.endpoint, this.name)
  }

  async offline(offline: boolean): Promise<void> {
    this.endpoint.unreachable = offline
    await this.context.setOffline(offline)
  }

  /** Lets time pass for the pages and for the endpoint, as on a laptop that sleeps. */
  async pass(minutes: number): Promise<void> {
    this.endpoint.ahead += minutes * 60_000
    await this.context.clock.fastForward(minutes * 60_000)
  }

  async end(): Promise<void> {
    await this.context.close()
    this.endpoint.close()
  }
}
