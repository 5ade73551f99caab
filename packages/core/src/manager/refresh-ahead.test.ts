import { afterEach, beforeEach, expect, it } from 'vitest'
import { signedIn, soon, tabs } from '../../test/each-test.ts'
import { refreshAhead } from './refresh-ahead.ts'
import { lifetime } from '../../test/strict-server.ts'
import { lapse, type Tab } from '../../test/tabs.ts'

let tab: Tab
let stop: () => void
beforeEach(async () => {
  tab = await signedIn()
  stop = refreshAhead(tab, 60, tabs.environment())
})
afterEach(() => {
  stop()
})

const seconds = (count: number) => soon(count * 1000)

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
