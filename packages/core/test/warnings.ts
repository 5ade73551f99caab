import { vi } from 'vitest'
import { endsIn } from '../src/manager/ends-in.ts'
import type { Readable } from '../src/manager/session-clock.ts'
import { sessionWarning } from '../src/manager/session-warning.ts'
import { pass, tabs } from './each-test.ts'
import type { Tab } from './tabs.ts'

/** How long a session lives without activity. Seconds. */
export const INACTIVITY = 900
/** How long before its end the tests are warned. Seconds. */
export const WARN = 60

export const seconds = (count: number): Promise<unknown> => pass(count * 1000)

/** Moves the wall clock, but not the timers: it was set, or the device has slept. Seconds. */
export const setClock = (by: number): unknown => vi.setSystemTime(Date.now() + by * 1000)

/** Opens tabs, and then signs in. */
export const openSignedIn = async (count: number): Promise<Tab[]> => {
  const opened: Tab[] = []
  // oxlint-disable-next-line no-await-in-loop -- One tab after the other.
  while (opened.length < count) opened.push(await tabs.open())
  await opened[0]!.signIn(tabs.server.signIn())
  await pass(0)
  return opened
}

/** Follows a value, and records each change. */
const follow = <T>(value: Readable<T>) => {
  const seen: T[] = []
  const stop = value.subscribe(() => seen.push(value.get()))
  return { value, seen, stop }
}
export const warn = (tab: Tab, time = WARN) => follow(sessionWarning(tab, time, tab.environment))
export const countDown = (tab: Tab) => follow(endsIn(tab, tab.environment))
