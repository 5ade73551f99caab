import { expect } from '@playwright/test'
import { test } from '../../src/fixtures.ts'
import { addAuthenticator } from '../../src/virtual-authenticator.ts'

test('a new passkey signs in, and signs in again after a sign-out', async ({ tab, user }) => {
  await addAuthenticator(tab.page)
  await expect(tab.state).toHaveText('signed-out')

  await tab.press('passkey-sign-up', user)
  await tab.apiAnswers()
  await tab.signOut()
  await expect(tab.page.getByTestId('reason')).toHaveAttribute('data-reason', 'signed-out')

  const before = await tab.count('api-ok')
  await tab.press('passkey-sign-in', user)
  await tab.apiAnswers(before + 1)
  expect(await tab.count('api-failed')).toBe(0)
})
