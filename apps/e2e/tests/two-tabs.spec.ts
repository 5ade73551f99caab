import { expect, type Page } from '@playwright/test'
import { test } from '../src/fixtures.ts'
import { SampleTab } from '../src/sample-tab.ts'

const MINUTE = 60_000

/** Keeps the newest refresh token that the server gave to a tab. */
const watchTokens = (page: Page, keep: (refreshToken: string) => void) =>
  page.on('response', async (response) => {
    if (response.request().method() !== 'POST' || !response.url().endsWith('/tokens')) return
    const body = (await response.json()) as { auth_result?: { refresh_token?: string } }
    if (body.auth_result?.refresh_token) keep(body.auth_result.refresh_token)
  })

test('two tabs share each refresh for a minute, and a sign-out', async ({ tab, sample, server, context }) => {
  let newest = ''
  watchTokens(tab.page, (token) => (newest = token))
  await tab.press('backend-sign-in', 'ada@example.com')
  const other = await SampleTab.open(await context.newPage(), sample)
  watchTokens(other.page, (token) => (newest = token))
  await expect(other.state).toHaveText('valid')
  const tabs = [tab, other]
  const okBefore = await Promise.all(tabs.map((each) => each.count('api-ok')))

  const end = Date.now() + MINUTE
  let shown = await tab.fingerprint.textContent()
  for (let seen = server.refreshes().length; Date.now() < end; seen = server.refreshes().length) {
    await expect
      .poll(() => server.refreshes().length, { timeout: 15_000, intervals: [50] })
      .toBeGreaterThan(seen)
    // Both show the token of this refresh, and it is not the one before.
    await expect(async () => {
      const [here, there] = await Promise.all(tabs.map((each) => each.fingerprint.textContent()))
      expect(there).toBe(here)
      expect(here).not.toBe(shown)
      expect(here).not.toContain('·')
    }).toPass({ timeout: 2_000, intervals: [50] })
    shown = await tab.fingerprint.textContent()
  }

  const refreshes = server.refreshes()
  expect(new Set(refreshes.map(({ outcome }) => outcome))).toEqual(new Set(['rotated']))
  const first = refreshes[0]!.generation
  expect(refreshes.map(({ generation }) => generation)).toEqual(refreshes.map((_, index) => first + index))
  // One refresh per expiry: a token of 5 seconds is found expired by the next of the calls, every 3 seconds.
  expect(refreshes.length).toBeGreaterThanOrEqual(8)
  expect(refreshes.length).toBeLessThanOrEqual(14)
  for (const [index, each] of tabs.entries()) {
    expect(await each.count('api-failed')).toBe(0)
    expect(await each.count('api-ok')).toBeGreaterThanOrEqual(okBefore[index]! + 15)
  }

  let navigations = 0
  other.page.on('framenavigated', () => navigations++)
  await tab.signOut()
  await expect(other.state).toHaveText('signed-out')
  expect(navigations).toBe(0)
  expect(newest).not.toBe('')
  expect(await server.refreshStatus(newest)).toBe(401)
})
