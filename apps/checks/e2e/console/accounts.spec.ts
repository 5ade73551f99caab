import { expect, type Page } from '@playwright/test'
import { test } from '../src/console-fixtures.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

/** Everything that a script of the page can read: both storages and every record of IndexedDB. */
const readable = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const records: unknown[] = []
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name!)
        opening.addEventListener('success', () => resolve(opening.result))
        opening.addEventListener('error', () => reject(opening.error!))
      })
      for (const table of database.objectStoreNames) {
        const all = database.transaction(table).objectStore(table).getAll()
        await new Promise((resolve) => all.addEventListener('success', resolve))
        records.push(...(all.result as unknown[]))
      }
      database.close()
    }
    return JSON.stringify([records, { ...localStorage }, { ...sessionStorage }, document.cookie])
  })

test('keeps the refresh token of an admin where no script can read it (case G9)', async ({
  page,
  server,
  admin,
}) => {
  const seen = await readable(page)
  expect(seen).not.toContain('rt1.')
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ name: 'tokenkeep-console', httpOnly: true, sameSite: 'Strict' })
  expect(cookie!.value).toMatch(/^rt1\./)
  // The session lives on in another tab and after a reload, with the cookie alone.
  await page.reload()
  await admin.settle()
  const other = await page.context().newPage()
  await other.goto(`${server.url}/console/apps`)
  await expect(other.getByRole('heading', { name: 'Apps', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await expect(other.getByText('You are signed out.')).toBeVisible()
  // The page shows the sign-out before the server's answer takes the cookie away.
  await expect.poll(() => page.context().cookies()).toEqual([])
})

test('an admin adds a second passkey, and replaces the lost ones of another admin', async ({
  page,
  browser,
  admin,
}) => {
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: 'Your sessions and passkeys' }).click()
  const mine = page.getByRole('region', { name: 'Passkeys' })
  await expect(mine.getByRole('button', { name: 'Remove' })).toHaveCount(1)
  // The first authenticator has a passkey of this admin already: the browser refuses to make another one in it.
  await mine.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('alert')).toContainText('This device already has a passkey for this name.')
  await addAuthenticator(page, 'usb')
  await mine.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(mine.getByRole('button', { name: 'Remove' })).toHaveCount(2)

  await admin.visit('/apps/console/users')
  await page.getByRole('button', { name: 'Invite an admin' }).click()
  const invited = await page.getByRole('dialog').locator('code').textContent()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('region', { name: 'Invitations' }).getByText('One new person')).toBeVisible()
  const edsger = await (await browser.newContext()).newPage()
  await addAuthenticator(edsger)
  await edsger.goto(invited!)
  await edsger.getByLabel('Email or name').fill('edsger@example.com')
  await edsger.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(edsger.getByRole('heading', { name: 'Apps', level: 1 })).toBeVisible()

  await admin.visit('/apps/console/users')
  await page.getByRole('link', { name: 'edsger@example.com' }).click()
  await page.getByRole('button', { name: 'Replace lost passkeys' }).click()
  const link = await page.getByRole('dialog').locator('code').textContent()
  const again = await (await browser.newContext()).newPage()
  await addAuthenticator(again)
  await again.goto(link!)
  await again.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(again.getByRole('heading', { name: 'Apps', level: 1 })).toBeVisible()
  await again.getByRole('button', { name: 'Your account: edsger@example.com' }).waitFor()
  // The page does not refresh a token that has just arrived, even if the server refuses it: it asks again a second later.
  await expect(async () => {
    await edsger.reload()
    await expect(edsger.getByRole('heading', { name: 'Sign in to the Console' })).toBeVisible({
      timeout: 2_000,
    })
  }).toPass()
})

test(
  'an invitation can be withdrawn, and public sign-up is a switch',
  { tag: ['@full'] },
  async ({ page, server, admin }) => {
    await admin.visit(`/apps/${SessionServer.appId}/users`)
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    const invitations = page.getByRole('region', { name: 'Invitations' })
    await invitations.getByRole('button', { name: 'Withdraw' }).click()
    await expect(invitations).toHaveCount(0)

    await admin.visit(`/apps/${SessionServer.appId}/settings`)
    await page.getByRole('switch', { name: 'Public sign-up' }).click()
    await page.getByRole('switch', { name: 'Passkeys must verify the person' }).click()
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH')
    await page.getByRole('button', { name: 'Save changes' }).click()
    expect((await saved).status()).toBe(200)
    const { app } = (await (await server.manage('GET', '/settings')).json()) as { app: object }
    expect(app).toMatchObject({ public_signup: false, user_verification: 'required', storage: 'any' })
    expect(await admin.violations()).toEqual([])
  },
)
