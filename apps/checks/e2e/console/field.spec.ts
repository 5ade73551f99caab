import { expect, type Page } from '@playwright/test'
import { test } from '../src/console-fixtures.ts'
import { SessionServer } from '../src/session-server.ts'

const app = SessionServer.appId
const sessionManagement = `/apps/${app}/authentication/sessions`

/** Saves a screenshot in the folder that SHOTS names, if it is set. */
const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SHOTS']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

test('an error is at its field and in its unit, and the preview stays (case H1)', async ({ page, admin }) => {
  await admin.visit(sessionManagement)
  const field = page.getByLabel('Auth token lifetime', { exact: true })
  const unit = page.getByRole('combobox', { name: 'Unit of auth token lifetime' })
  await unit.click()
  await page.getByRole('option', { name: 'minute' }).click()
  await field.fill('99')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toHaveAccessibleDescription(/^Enter at most 10 minutes, or turn refresh tokens off\./)
  await expect(page.getByRole('heading', { name: 'Example: one session with these settings' })).toBeVisible()
  await expect(page.getByText('The marked fields are not in this example')).toBeVisible()
  await shot(page, 'h1')
  await field.fill('9')
  await expect(field).toHaveAttribute('aria-invalid', 'false')
  await admin.saveSettings()
})

test('asks before a new API key is lost (case H4)', async ({ page, admin }) => {
  await admin.visit(`/apps/${app}/users`)
  await page.getByRole('link', { name: 'Keys' }).click()
  await page.getByRole('button', { name: 'Create API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('kept')
  await dialog.getByRole('button', { name: 'Create API key' }).click()
  await expect(dialog.getByText('Copy your API key now')).toBeVisible()
  await page.keyboard.press('Escape')
  const asked = page.getByRole('alertdialog')
  await expect(asked.getByText('Close without a copy?')).toBeVisible()
  await shot(page, 'h4')
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog.getByText('Copy your API key now')).toBeVisible()
  // The way back in the browser asks too.
  await page.evaluate(() => history.back())
  await expect(asked.getByText('Close without a copy?')).toBeVisible()
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')
  await asked.getByRole('button', { name: 'Close it' }).click()
  await expect(dialog).toBeHidden()
})

test('counts and pages the sessions of a user, and says how many sessions an action ends (cases H5 and H6)', async ({
  page,
  server,
  admin,
}) => {
  const created = await server.manage('POST', '/users', { identifier: 'ada@example.com' })
  const { user } = (await created.json()) as { user: { id: string } }
  for (let opened = 0; opened < 45; opened++)
    // oxlint-disable-next-line no-await-in-loop -- The server has other work too.
    await server.manage('POST', `/users/${user.id}/sessions`, {})
  await admin.visit(`/apps/${app}/users/${user.id}`)
  const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row')
  await expect(rows).toHaveCount(21)
  await expect(page.getByText('45 sessions on 1 device, live now.')).toBeVisible()
  await expect(page.getByText('1–20 of 45')).toBeVisible()
  await shot(page, 'h5')
  await page.getByRole('button', { name: 'Last page' }).click()
  await expect(page.getByText('41–45 of 45')).toBeVisible()
  await expect(rows).toHaveCount(6)

  for (const act of ['Revoke all sessions', 'Deactivate']) {
    await page.getByRole('button', { name: act }).click()
    const asked = page.getByRole('alertdialog')
    await expect(asked.getByText('This ends 45 sessions on 1 device.')).toBeVisible()
    await shot(page, `h6-${act}`)
    await asked.getByRole('button', { name: 'Cancel' }).click()
  }
  await page.getByRole('button', { name: 'Revoke all sessions' }).click()
  await admin.confirm('Revoke all sessions')
  await expect(page.getByText('Not signed in anywhere')).toBeVisible()
})

test('recovers by itself when the server is back (case H8)', async ({ page, server, admin }) => {
  await admin.visit(`/apps/${app}/users`)
  await server.stop('SIGKILL')
  await page.getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByText('The session server does not respond.').first()).toBeVisible()
  await shot(page, 'h8')
  await server.start()
  await expect(page.getByText('The session server does not respond.')).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible()
  await expect(page.getByText('Could not load this')).toHaveCount(0)
})
