import { afterEach, beforeEach, vi } from 'vitest'
import { Tabs, type Tab } from './tabs.ts'

// Gives each test of the file that imports it tabs of its own, and a time that passes when the test says so.

export let tabs: Tabs

beforeEach(() => {
  vi.useFakeTimers()
  tabs = new Tabs()
})
afterEach(() => {
  tabs.end()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A tab in which somebody has signed in. */
export const signedIn = async (): Promise<Tab> => {
  const tab = await tabs.open()
  await tab.signIn(tabs.server.signIn() as never)
  return tab
}

/** Lets so many milliseconds pass: as a rule more than any refresh takes. */
export const soon = (ms = 30_000): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
