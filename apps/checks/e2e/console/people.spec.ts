import { expect } from '@playwright/test'
import { Console } from '../src/console.ts'
import { test } from '../src/fixtures.ts'
import { SampleTab } from '../src/sample-tab.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

const app = SessionServer.appId

test('an admin turns on refresh tokens, then revokes, deactivates and activates a user', async ({
  page,
  context,
  server,
  sample,
}) => {
  await server.manage('PATCH', '/settings', { refresh_enabled: false })
  const admin = await Console.open(page, server)

  await admin.visit(`/apps/${app}/authentication/sessions`)
  await page.getByRole('switch', { name: 'Keep people signed in' }).click()
  await page.getByLabel('Auth token lifetime', { exact: true }).fill('20')
  await page.getByLabel('Inactivity timeout', { exact: true }).fill('2')
  await page.getByLabel('Absolute timeout', { exact: true }).fill('3')
  await admin.saveSettings()

  const person = await SampleTab.open(await context.newPage(), sample)
  await addAuthenticator(person.page)
  await person.press('passkey-sign-up', 'ada@example.com')
  await person.apiAnswersAgain()

  await page.bringToFront()
  await admin.visit(`/apps/${app}/users`)
  await page.getByRole('link', { name: 'ada@example.com' }).click()
  await expect(page.getByRole('table', { name: 'Sessions' }).getByRole('row')).toHaveCount(2)
  await expect(page.getByText('Chrome on Linux')).toBeVisible()
  const auth = await person.authToken(sample)
  expect(await auth.accepted()).toBe(true)

  await page.getByRole('button', { name: 'Revoke all sessions' }).click()
  await admin.confirm('Revoke all sessions')
  await expect(page.getByText('All sessions are revoked')).toBeVisible()
  await expect.poll(() => auth.accepted(), { timeout: 1000, intervals: [50] }).toBe(false)
  await expect(person.state).toHaveText('signed-out')
  await expect(page.getByText('Not signed in anywhere')).toBeVisible()

  await page.getByRole('button', { name: 'Deactivate' }).click()
  await admin.confirm('Deactivate')
  await expect(page.getByText('This user is deactivated')).toBeVisible()
  await person.page.getByTestId('identifier').fill('ada@example.com')
  await person.page.getByTestId('passkey-sign-in').click()
  await expect(person.page.getByText('This account is deactivated.')).toBeVisible()

  await page.getByRole('button', { name: 'Activate' }).click()
  await expect(page.getByText('User activated: they can sign in again')).toBeVisible()
  await person.press('passkey-sign-in', 'ada@example.com')
  await person.apiAnswersAgain()
})
