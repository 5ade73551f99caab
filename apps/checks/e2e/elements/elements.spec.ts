import { expect, test as base, type Page } from '@playwright/test'
import { accessibility } from '../src/accessibility.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { serveElements } from '../src/elements-page.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

/** What the test page puts into its globals. */
declare const auth: { get(): { status: string }; signOut(): Promise<void> }
declare const element: HTMLElement & { storeSession?: (result: object) => void; texts: object }
declare const heard: string[]
declare const refused: string[]
declare const german: object

const test = base.extend<object, { origin: string }>({
  origin: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      const server = await SessionServer.create(await freePort(), origin)
      await server.start()
      const pages = await serveElements(port, server.url)
      await use(origin)
      pages.close()
      await server.dispose()
    },
    { scope: 'worker' },
  ],
})

test.beforeEach(({ page }) => addAuthenticator(page))
// Checks after each test that the page has not violated the strictest Content Security Policy.
test.afterEach(async ({ page }) => expect(await page.evaluate(() => refused)).toEqual([]))

const status = (page: Page): Promise<string> => page.evaluate(() => auth.get().status)
const signUp = async (page: Page, origin: string, name: string): Promise<void> => {
  await page.goto(`${origin}/tokenkeep-register`)
  await page.getByLabel('Email or name').fill(name)
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(page.getByText('You are signed in.')).toBeVisible()
}

test('signs up, gives the session to the token manager, and shows the form again after a sign-out', async ({
  page,
  origin,
}) => {
  await page.goto(`${origin}/tokenkeep-auth`)
  // Uses only the keyboard.
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Email or name')).toBeFocused()
  await page.getByRole('button', { name: 'New here? Create an account' }).press('Enter')
  await page.keyboard.type('ada@example.com')
  await page.keyboard.press('Enter')
  await expect(page.getByText('You are signed in.')).toBeVisible()
  await expect.poll(() => status(page)).toBe('valid')
  expect(await page.evaluate(() => heard)).toEqual(['success', 'signed-in'])

  await page.evaluate(() => auth.signOut())
  await expect(page.getByLabel('Email or name')).toBeVisible()
})

test('signs in with a passkey of this device if no name is typed', async ({ page, origin }) => {
  // This browser has no passkeys in the autofill.
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)
  })
  await signUp(page, origin, 'grace@example.com')
  await page.evaluate(() => auth.signOut())
  await page.goto(`${origin}/tokenkeep-login`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect.poll(() => status(page)).toBe('valid')
})

test('signs in with a passkey that is chosen in the autofill, without a press of a button', async ({
  page,
  origin,
}) => {
  await signUp(page, origin, 'edith@example.com')
  await page.evaluate(() => auth.signOut())
  // The virtual authenticator chooses a passkey as soon as the page offers the autofill.
  await page.goto(`${origin}/tokenkeep-login`)
  await expect.poll(() => status(page)).toBe('valid')
  await expect(page.getByText('You are signed in.')).toBeVisible()
})

test('gives the result to `storeSession` and stores nothing', async ({ page, origin }) => {
  await page.goto(`${origin}/tokenkeep-register`)
  const taken = page.evaluate(
    () =>
      new Promise<string[]>((resolve) => (element.storeSession = (result) => resolve(Object.keys(result)))),
  )
  await page.getByLabel('Email or name').fill('joan@example.com')
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  expect(await taken).toContain('refresh_token')
  await expect(page.getByText('You are signed in.')).toBeVisible()
  expect(await status(page)).toBe('signed-out')
  expect(await page.evaluate(() => indexedDB.databases().then((all) => all.length))).toBeLessThanOrEqual(1)
})

test('shows an error in the language of the property `texts`', async ({ page, origin }) => {
  await page.goto(`${origin}/tokenkeep-login`)
  const name = page.getByLabel('Email or name')
  await name.fill('nobody@example.com')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByRole('alert')).toHaveText('There is no account with this name.')
  await expect(name).toHaveAttribute('aria-invalid', 'true')
  expect(await page.evaluate(() => heard)).toEqual(['failure:unknown-user'])

  await page.evaluate(() => (element.texts = german))
  await page.getByRole('button', { name: 'Mit Passkey anmelden' }).click()
  await expect(page.getByRole('alert')).toHaveText('Es gibt hier kein Konto mit diesem Namen.')
})

test('passes the accessibility check in light and dark', async ({ page, origin }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${origin}/tokenkeep-auth`)
    await page.getByLabel('Email or name').fill('nobody@example.com')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    expect((await accessibility(page).include('main').analyze()).violations).toEqual([])
  }
})
