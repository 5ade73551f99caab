import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { TokenManager } from '../src/manager/api.ts'
import type { Status } from '../src/machine/state.ts'
import { Tabs, type Tab } from './tabs.ts'
import { lifetime } from './tokens.ts'

// A test file that imports this file gets, for each test, tabs of its own and a clock that the test moves.

export let tabs: Tabs

beforeEach(() => {
  vi.useFakeTimers()
  tabs = new Tabs()
})
afterEach(() => {
  tabs.disposeAll()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Opens a tab and signs in. */
export const signedIn = async (): Promise<Tab> => {
  const tab = await tabs.open()
  await tab.signIn(tabs.server.signIn())
  return tab
}

/** Lets this many milliseconds pass; by default, more than a refresh and its retries take. */
export const pass = (ms = 30_000): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

/** Lets the lifetime of an auth token pass. */
export const expireToken = (): Promise<unknown> => pass(lifetime * 1000)

/** Waits until a manager is in this state. */
export const until = (auth: Pick<TokenManager, 'get'>, status: Status): Promise<void> =>
  vi.waitFor(() => expect(auth.get().status).toBe(status), { interval: 1 })

/** Waits until this many refreshes have been sent. */
export const untilRefreshes = (count: number): Promise<void> =>
  vi.waitFor(() => expect(tabs.refreshes).toHaveLength(count), { interval: 1 })

/** Waits until the server has ended this session. */
export const untilRevoked = (sessionId: string): Promise<void> =>
  vi.waitFor(() => expect(tabs.server.sessions.get(sessionId)!.ended).toBe(true), { interval: 1 })
