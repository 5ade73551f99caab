import { expect } from '@playwright/test'
import { test } from '../src/fixtures.ts'
import { take } from '../src/screenshot.ts'

test('takes pictures of the sample after some refreshes', async ({ page, tab }) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await tab.press('backend-sign-in', 'ada@example.com')
  const refreshes = page.getByTestId('transitions').locator('li[data-status="refreshing"]')
  await expect.poll(() => refreshes.count()).toBeGreaterThanOrEqual(3)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expect(tab.state).toHaveText('valid')
    await take(page, `sample-${colorScheme}`)
  }
})
