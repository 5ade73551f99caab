import { expect } from '@playwright/test'
import { test } from '../src/fixtures.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

test('a passkey is created, and signs in again after a sign-out', async ({ tab }) => {
  await addAuthenticator(tab.page)
  await expect(tab.state).toHaveText('signed-out')

  await tab.press('passkey-sign-up', 'ada@example.com')
  await tab.apiAnswersAgain()
  await tab.signOut()
  await expect(tab.page.getByTestId('reason')).toHaveAttribute('data-reason', 'signed-out')

  await tab.press('passkey-sign-in', 'ada@example.com')
  await tab.apiAnswersAgain()
  expect(await tab.count('api-failed')).toBe(0)
})
