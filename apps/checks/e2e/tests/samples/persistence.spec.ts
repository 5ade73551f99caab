import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'

test('a reload keeps the session and never shows signed-out', async ({ tab, user }) => {
  await tab.press('backend-sign-in', user)
  for (let reloads = 0; reloads < 3; reloads++) {
    await tab.page.reload()
    await expect(tab.state).toHaveText('valid')
    await tab.apiAnswers()
    await expect(tab.signedOutEntries).toHaveCount(0)
  }
})

test('a restart of the server keeps the session', { tag: '@once' }, async ({ tab, server, user }) => {
  await tab.press('backend-sign-in', user)
  await server.stop()
  await server.start()
  const refreshed = server.refreshes().length

  await tab.page.reload()
  await expect.poll(() => server.refreshes().length).toBeGreaterThan(refreshed)
  await expect(tab.state).toHaveText('valid')
  await tab.apiAnswers()
  await expect(tab.signedOutEntries).toHaveCount(0)
  expect(server.refreshes().map(({ outcome }) => outcome)).not.toContain('refused')
})
