import { expect } from '@playwright/test'
import { chromium, launchOptions } from '../../src/browsers.ts'
import { test } from '../../src/fixtures.ts'
import { SampleTab } from '../../src/sample-tab.ts'

// The headless shell keeps no page in memory.
test.use({ launchOptions: launchOptions(chromium) })

test('Back to a page that was left before the sign-out shows signed-out', async ({
  tab,
  sample,
  user,
  context,
}) => {
  const { page } = tab
  await tab.press('backend-sign-in', user)
  await expect(tab.fingerprint).not.toContainText('·')
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }))
  })
  await page.goto(`${sample}/icon.svg`)

  const other = await SampleTab.open(await context.newPage(), sample)
  await other.signOut()

  // This does not wait for a load, because a restored page does not load again.
  await page.goBack({ waitUntil: 'commit' })
  await expect(tab.state).toHaveText('signed-out')
  await expect(tab.fingerprint).toHaveCount(0)
  // The page was restored from memory, which is the harder case.
  expect(await page.evaluate(() => (globalThis as { persisted?: boolean }).persisted)).toBe(true)
})
