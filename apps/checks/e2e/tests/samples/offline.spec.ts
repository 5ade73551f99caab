import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'

test('being offline for longer than a token lives keeps the session, and calls go on when online again', async ({
  tab,
  context,
  user,
}) => {
  await tab.press('backend-sign-in', user)
  await tab.apiAnswers()
  const signedOutBefore = await tab.signedOutEntries.count()

  await context.setOffline(true)
  await expect(tab.state).toHaveText('expired')
  await expect.poll(() => tab.count('api-waiting')).toBeGreaterThan(0)
  // The page shows this between two series of tries. A series takes about 15 seconds.
  await expect(tab.page.getByTestId('reason')).toHaveText(/Still signed in/)

  await context.setOffline(false)
  await expect(tab.state).toHaveText('valid')
  const failedBefore = await tab.count('api-failed')
  await tab.apiAnswersAgain()
  expect(await tab.count('api-failed')).toBe(failedBefore)
  expect(await tab.signedOutEntries.count()).toBe(signedOutBefore)
})
