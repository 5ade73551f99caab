import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'
import { SampleTab } from '../../src/sample-tab.ts'

test('a page shows that the server has ended its session', async ({ tab, server, apiKey, user }) => {
  await tab.press('backend-sign-in', user)
  await server.revokeAll(apiKey, user)
  await expect(tab.page.getByTestId('reason')).toHaveAttribute('data-reason', 'revoked')
  await expect(tab.state).toHaveText('signed-out')
  await expect(tab.page.getByTestId('passkey-sign-in')).toBeEnabled()
})

test('"Sign out everywhere" ends the session in another browser too', async ({
  tab,
  sample,
  user,
  browser,
}) => {
  await tab.press('backend-sign-in', user)
  await using elsewhere = await browser.newContext()
  const other = await SampleTab.open(await elsewhere.newPage(), sample)
  await other.press('backend-sign-in', user)

  await tab.visit('Account')
  await expect(tab.page.getByTestId('sessions').getByRole('listitem')).toHaveCount(2)
  await tab.page.getByTestId('sign-out-everywhere').click()
  await expect(tab.state).toHaveText('signed-out')
  await expect(other.page.getByTestId('reason')).toHaveAttribute('data-reason', 'revoked')
})
