import { expect, type Page } from '@playwright/test'
import { test } from '../../src/fixtures.ts'
import { SampleTab } from '../../src/sample-tab.ts'
import type { SessionServer } from '../../src/session-server.ts'

/** Reports each refresh token that the server sends to a tab. */
const watchTokens = (page: Page, keep: (refreshToken: string) => void) =>
  page.on('response', async (response) => {
    if (response.request().method() !== 'POST' || !response.url().endsWith('/tokens')) return
    const body = (await response.json()) as { auth_result?: { refresh_token?: string } }
    if (body.auth_result?.refresh_token) keep(body.auth_result.refresh_token)
  })

/** Waits for the next refresh, and then until both tabs show its token. */
const nextRefresh = async (server: SessionServer, tabs: readonly SampleTab[]): Promise<void> => {
  const shown = await tabs[0]!.fingerprint.textContent()
  const seen = server.refreshes().length
  await expect.poll(() => server.refreshes().length, { intervals: [50] }).toBeGreaterThan(seen)
  await expect(async () => {
    const [here, there] = await Promise.all(tabs.map((each) => each.fingerprint.textContent()))
    expect(there).toBe(here)
    expect(here).not.toBe(shown)
    expect(here).not.toContain('·')
  }).toPass({ intervals: [50] })
}

for (const { seconds, atLeast, atMost, tag } of [
  { seconds: 10, atLeast: 2, atMost: 4, tag: [] },
  // There is one refresh per expiry. A token lives 5 seconds, and the first call after that renews it. There is a call every 3 seconds.
  { seconds: 60, atLeast: 8, atMost: 14, tag: ['@once', '@full'] },
]) {
  test(
    `F22: two tabs of a private window share each refresh for ${seconds} seconds, and the sign-out`,
    { tag },
    async ({ tab, sample, server, user, context }) => {
      const begun = Date.now()
      let newest = ''
      watchTokens(tab.page, (token) => (newest = token))
      await tab.press('backend-sign-in', user)
      const other = await SampleTab.open(await context.newPage(), sample)
      watchTokens(other.page, (token) => (newest = token))
      await expect(other.state).toHaveText('valid')
      const tabs = [tab, other]
      const okBefore = await Promise.all(tabs.map((each) => each.count('api-ok')))

      const end = Date.now() + seconds * 1_000
      while (Date.now() < end || server.refreshes().length < atLeast) await nextRefresh(server, tabs)

      // A busy machine takes longer. A token is used for at least 4.5 s, also in that time, and a request that takes longer than
      // 10 s is sent again: the server answers it with the same tokens.
      const late = Math.max(0, Date.now() - begun - (seconds + 10) * 1_000)
      const answered = server.refreshes()
      const isExpected = (outcome: string) => outcome === 'rotated' || (outcome === 'replayed' && late > 0)
      expect(answered.filter(({ outcome }) => !isExpected(outcome))).toEqual([])
      const refreshes = answered.filter(({ outcome }) => outcome === 'rotated')
      const first = refreshes[0]!.generation
      expect(refreshes.map(({ generation }) => generation)).toEqual(
        refreshes.map((_, index) => first + index),
      )
      expect(refreshes.length).toBeGreaterThanOrEqual(atLeast)
      expect(refreshes.length).toBeLessThanOrEqual(atMost + Math.ceil(late / 4500))
      for (const [index, each] of tabs.entries()) {
        expect(await each.count('api-failed')).toBe(0)
        await expect.poll(() => each.count('api-ok')).toBeGreaterThanOrEqual(okBefore[index]! + seconds / 4)
      }

      let navigations = 0
      other.page.on('framenavigated', () => navigations++)
      await tab.signOut()
      await expect(other.state).toHaveText('signed-out')
      expect(navigations).toBe(0)
      expect(newest).not.toBe('')
      expect(await server.refreshStatus(newest)).toBe(401)
    },
  )
}
