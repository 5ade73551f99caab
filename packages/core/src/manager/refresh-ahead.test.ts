import { afterEach, beforeEach, expect, it } from 'vitest'
import { expireToken, pass, signedIn, tabs } from '../../test/each-test.ts'
import type { Tab } from '../../test/tabs.ts'
import { lifetime } from '../../test/tokens.ts'
import { refreshAhead } from './refresh-ahead.ts'

let tab: Tab
let stop: () => void
beforeEach(async () => {
  tab = await signedIn()
  stop = refreshAhead(tab, 60, tabs.environment())
})
afterEach(() => {
  stop()
})

const seconds = (count: number) => pass(count * 1000)

it('refreshes before the token expires, and tells the server that no user was active', async () => {
  const before = await tab.getAuthToken()
  await seconds(lifetime - 60)
  expect(tabs.refreshes.map(({ body }) => body['activity'])).toEqual(['background'])
  expect(tab.get()).toMatchObject({ status: 'valid' })
  expect(await tab.getAuthToken()).not.toBe(before)
  await seconds(lifetime)
  expect(tabs.refreshes).toHaveLength(2)
})

it('after a refresh that fails, serves the valid token and tries again', async () => {
  const before = await tab.getAuthToken()
  tabs.deliveries = Array.from({ length: 6 }, () => 'lost' as const)
  await seconds(lifetime - 64)
  expect(await tab.getAuthToken()).toBe(before)
  await seconds(50)
  expect(await tab.getAuthToken()).not.toBe(before)
  expect(tabs.refreshes).toHaveLength(7)
})

it('does not refresh while the page is hidden, and refreshes after it is shown again', async () => {
  tabs.visible = false
  await seconds(lifetime - 60)
  expect(tabs.refreshes).toEqual([])
  tabs.visible = true
  await seconds(5)
  expect(tabs.refreshes).toHaveLength(1)
})

it('does not refresh after it was stopped, after a sign-out, or without a refresh token', async () => {
  stop()
  await expireToken()
  expect(tabs.refreshes).toEqual([])
  stop = refreshAhead(tab, 60, tabs.environment())
  await tab.signOut()
  await expireToken()
  const { refresh_token: _, ...result } = tabs.server.signIn()
  await tab.signIn(result)
  await expireToken()
  expect(tabs.refreshes).toEqual([])
})

it('refreshes about once per life if the token lives shorter than the time ahead (case C3)', async () => {
  stop()
  stop = refreshAhead(tab, 2 * lifetime, tabs.environment())
  await seconds(10 * lifetime)
  expect(tabs.refreshes.length).toBeGreaterThanOrEqual(9)
  expect(tabs.refreshes.length).toBeLessThanOrEqual(14)
})
