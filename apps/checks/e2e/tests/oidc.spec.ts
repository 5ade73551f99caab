import { expect, test, type Page } from '@playwright/test'
import { openOidcPage, status } from '../src/oidc-page.ts'

// Signs in at a real provider of another origin, with its own pages, from an app without a `<base>` element.

/** Signs in at the provider. */
async function signInAt(page: Page): Promise<void> {
  await page.locator('input[name=login]').fill('ada')
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await page.getByText('Continue').click()
}

test('signs in, survives a reload and a second visit of the callback, and signs out (cases O01, O02, O06, O15, O16)', async ({
  context,
  page,
}) => {
  await using world = await openOidcPage()
  const { app, grants, errors } = world
  await page.goto(`${app}/orders/7?page=2#row`)
  await expect.poll(() => status(page)).toBe('signed-out')
  // The code of a sign-in is not loaded yet.
  const loaded = () =>
    page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
  expect(await loaded()).not.toContain('/flow.js')
  await page.evaluate('void provider.signInWithRedirect()')
  await signInAt(page)

  await page.waitForURL(`${app}/orders/7?page=2#row`)
  await expect.poll(() => status(page)).toBe('valid')
  const back = { status: 'signed-in', returnTo: '/orders/7?page=2#row' }
  expect(await page.evaluate('backs')).toEqual([back, back])
  expect(grants()).toBe(1)

  const callback = await page.evaluate<string>('callback')
  expect(callback).toContain(`${app}/callback?code=`)
  const other = await context.newPage()
  await other.goto(callback)
  await expect.poll(() => status(other)).toBe('valid')
  expect(await other.evaluate('backs')).toMatchObject([{ status: 'repeated' }, { status: 'repeated' }])
  expect(other.url()).toBe(`${app}/orders/7?page=2#row`)
  await page.reload()
  await expect.poll(() => status(page)).toBe('valid')
  expect(grants()).toBe(1)
  await page.evaluate('auth.getAuthToken({ minValidSeconds: 100_000 })')
  expect(grants()).toBe(2)

  await page.evaluate('void provider.signOutWithRedirect(auth)')
  await expect.poll(() => status(other)).toBe('signed-out')
  await page.getByText('Yes, sign me out').click()
  await page.waitForURL(`${app}/`)
  await expect.poll(() => status(page)).toBe('signed-out')
  expect(errors).toEqual([])
})

/** Clicks on the app's button. Resolves to the popup, which shows the provider. */
async function openPopup(page: Page): Promise<Page> {
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Sign in' }).click()
  return opening
}

for (const [name, headers] of [
  ['', {}],
  [', whose provider hides it from the page', { 'cross-origin-opener-policy': 'same-origin' }],
] as const)
  test(`signs in in a popup${name} (cases O28, O29)`, async ({ page }) => {
    await using world = await openOidcPage(headers)
    // The browser of the test says that each page has the focus. Here the popup has it.
    await page.addInitScript(() => (document.hasFocus = () => false))
    await page.goto(`${world.app}/orders/7#row`)
    await expect.poll(() => status(page)).toBe('signed-out')
    await page.getByLabel('draft').fill('not sent yet')
    const popup = await openPopup(page)
    const closed = popup.waitForEvent('close')
    await popup.locator('input[name=login]').waitFor()
    expect(await popup.evaluate(() => opener === null)).toBe(name !== '')
    await signInAt(popup)
    await closed
    expect(await page.evaluate('ending')).toEqual({ status: 'signed-in', returnTo: '/orders/7#row' })
    expect(await status(page)).toBe('valid')
    expect(page.url()).toBe(`${world.app}/orders/7#row`)
    await expect(page.getByLabel('draft')).toHaveValue('not sent yet')
    expect([world.grants(), world.errors]).toEqual([1, []])
  })

test('a popup signs in a page that was loaded again meanwhile, and one that the user closes is over (case O29)', async ({
  page,
}) => {
  await using world = await openOidcPage()
  await page.goto(world.app)
  await expect.poll(() => status(page)).toBe('signed-out')
  const given = await openPopup(page)
  await given.locator('input[name=login]').waitFor()
  await given.close()
  expect(await page.evaluate('ending')).toBe('popup-closed')

  const popup = await openPopup(page)
  await popup.locator('input[name=login]').waitFor()
  await page.reload()
  await expect.poll(() => status(page)).toBe('signed-out')
  const closed = popup.waitForEvent('close')
  await signInAt(popup)
  await closed
  await expect.poll(() => status(page)).toBe('valid')
  expect(world.errors).toEqual([])
})
