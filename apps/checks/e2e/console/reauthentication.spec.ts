import { expect, type Page } from '@playwright/test'
import { accessibility } from '../src/accessibility.ts'
import { test } from '../src/console-fixtures.ts'
import { passElevenMinutes } from '../src/pass-time.ts'
import { SessionServer } from '../src/session-server.ts'

const question = (page: Page) => page.getByRole('dialog', { name: 'Confirm that it is you' })
const confirm = (page: Page) => question(page).getByRole('button', { name: 'Confirm with your passkey' })

test('asks for the passkey before a change if the sign-in is old, and then goes on with the change (T25)', async ({
  page,
  server,
  admin,
}) => {
  await admin.visit(`/apps/${SessionServer.appId}/keys`)
  passElevenMinutes(server)
  await page.getByRole('button', { name: 'Create API key' }).click()
  const form = page.getByRole('dialog', { name: 'Create an API key' })
  await form.getByLabel('Name').fill('Backend')
  const create = form.getByRole('button', { name: 'Create API key' })
  await create.click()

  await expect(confirm(page)).toBeVisible()
  expect((await accessibility(page).analyze()).violations).toEqual([])
  await page.screenshot({ path: test.info().outputPath('reauthentication.png') })
  // The form below keeps what was typed, whichever way the question is left.
  await page.keyboard.press('Escape')
  const refusal = form.getByText('Nothing has changed, because you did not confirm that it is you.')
  await expect(refusal).toBeVisible()
  await expect(question(page)).toBeHidden()
  await create.click()
  await expect(confirm(page)).toBeVisible()
  await page.mouse.click(5, 5)
  await expect(refusal).toBeVisible()
  await expect(question(page)).toBeHidden()
  await expect(form.getByLabel('Name')).toHaveValue('Backend')
  await create.click()
  await confirm(page).click()
  await expect(page.getByText('Copy your API key now')).toBeVisible()
  await expect(question(page)).toBeHidden()
  await page.getByRole('button', { name: 'I have copied it' }).click()

  // For ten minutes, nothing is asked again.
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await expect(page.getByText('Keys rotated')).toBeVisible()
  expect(await admin.violations()).toEqual([])
})

test(
  'does not ask to read, or to end the sessions of a user',
  { tag: ['@full'] },
  async ({ page, server, admin }) => {
    const { user } = (await (await server.manage('POST', '/users', { identifier: 'ada' })).json()) as {
      user: { id: string }
    }
    await server.manage('POST', `/users/${user.id}/sessions`, {})
    passElevenMinutes(server)
    await admin.visit(`/apps/${SessionServer.appId}/users/${user.id}`)
    const ended = page.waitForResponse((response) => response.request().method() === 'DELETE')
    await page.getByRole('button', { name: /^End the session on/ }).click()
    await admin.confirm('End session')
    expect((await ended).status()).toBe(200)
    await expect(question(page)).toBeHidden()
  },
)
