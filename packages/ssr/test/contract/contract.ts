import { describe } from 'vitest'
import type { MakeApp } from '../plain-app.ts'
import { createWorld, type World } from '../world.ts'
import { cookiesContract } from './cookies.ts'
import { refreshingContract } from './refreshing.ts'
import { reportsContract } from './reports.ts'
import { routesContract } from './routes.ts'
import { signOutContract } from './sign-out.ts'

/** Makes a test that runs in a world of its own. */
export type InWorld = (run: (world: World) => Promise<void>) => () => Promise<void>

/** How an app differs from one without a framework. */
export interface ContractOptions {
  /** A proxy opens the session, and the page opens it again. So the page cannot know what the proxy could not store. */
  readonly opensTwice?: boolean
  /** The framework opens the session before everything else, so each page can store its refresh. */
  readonly alwaysStores?: boolean
  /** Code that opens the session again sees the cookies as they were sent. So it replays what the framework refreshed. */
  readonly keepsOldCookies?: boolean
  /** The framework refuses a post without the app's `Origin`, before the app sees it. */
  readonly checksOrigin?: boolean
}

export const inWorldOf =
  (makeApp: MakeApp): InWorld =>
  (run) =>
  async () => {
    const world = await createWorld(makeApp)
    try {
      await run(world)
    } finally {
      await world.close()
    }
  }

/** What holds for every app, in any framework. The title of each test names its case. */
export function sessionContract(name: string, makeApp: MakeApp, options: ContractOptions = {}): void {
  const inWorld = inWorldOf(makeApp)
  describe(name, () => {
    describe('refreshes', () => refreshingContract(inWorld, options))
    describe('sign-in and sign-out', () => signOutContract(inWorld))
    describe('cookies', () => cookiesContract(inWorld, options))
    describe('routes', () => routesContract(inWorld, options))
    describe('reports', () => reportsContract(inWorld))
  })
}
