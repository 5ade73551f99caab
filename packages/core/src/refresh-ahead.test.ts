import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refreshAhead } from './refresh-ahead.ts'
import { lifetime } from './strict-server.fixture.ts'
import { lapse, Tabs, type Tab } from './tabs.fixture.ts'

let tabs: Tabs
let tab: Tab
let stop: () => void
beforeEach(async () => {
  vi.useFakeTimers()
  tabs = new Tabs()
  tab = await tabs.open()
  await tab.signIn(tabs.server.signIn() as never)
  stop = refreshAhead(tab, 60, tabs.environment())
})
afterEach(() => {
  stop()
  tabs.end()
  vi.useRealTimers()
})

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000)

it('refreshes before the token expires, and tells the server that nobody was active', async () => {
  const before = await tab.getAuthToken()
  await seconds(lifetime - 60)
  expect(tabs.refreshes.map(({ body }) => body['activity'])).toEqual(['background'])
  expect(tab.get()).toMatchObject({ status: 'valid' })
  expect(await tab.getAuthToken()).not.toBe(before)
  await seconds(lifetime)
  expect(tabs.refreshes).toHaveLength(2)
})

it('a refresh that fails leaves the valid token, and is tried again', async () => {
  const before = await tab.getAuthToken()
  tabs.fates = Array.from({ length: 6 }, () => 'lost' as const)
  await seconds(lifetime - 64)
  expect(await tab.getAuthToken()).toBe(before)
  await seconds(50)
  expect(await tab.getAuthToken()).not.toBe(before)
  expect(tabs.refreshes).toHaveLength(7)
})

it('nothing while the page is hidden; soon after it is shown', async () => {
  tabs.visible = false
  await seconds(lifetime - 60)
  expect(tabs.refreshes).toEqual([])
  tabs.visible = true
  await seconds(5)
  expect(tabs.refreshes).toHaveLength(1)
})

it('nothing for a session that cannot be renewed, nor once it is over, nor after its end', async () => {
  stop()
  await lapse()
  expect(tabs.refreshes).toEqual([])
  stop = refreshAhead(tab, 60, tabs.environment())
  await tab.signOut()
  await lapse()
  const { refresh_token: _, ...result } = tabs.server.signIn()
  await tab.signIn(result as never)
  await lapse()
  expect(tabs.refreshes).toEqual([])
})
