import { expect, test as base, type Page } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { serveElements } from '../src/elements-page.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

/** What the test page puts into its globals. */
declare const auth: { get(): { status: string }; signOut(): Promise<void> }
declare const element: HTMLElement & { reset(): void }
declare const heard: string[]
/** What the page has asked the browser for: `offer`, `prompt` or `create`, and `end of …` after each. */
declare const ceremonies: string[]
/** Closes the prompt that the page holds open, as if the user confirmed. */
declare const prompts: { release(): void }

const test = base.extend<object, { site: { origin: string; server: string } }>({
  site: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      const server = await SessionServer.create(await freePort(), origin)
      await server.start()
      const pages = await serveElements(port, server.url)
      await use({ origin, server: server.url })
      pages.close()
      await server.dispose()
    },
    { scope: 'worker' },
  ],
})

test.beforeEach(async ({ page }) => addAuthenticator(page))

const status = (page: Page): Promise<string> => page.evaluate(() => auth.get().status)
const name = (page: Page) => page.getByLabel('Email or name')
const signInButton = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' })
const signUp = async (page: Page, origin: string, identifier: string): Promise<void> => {
  await page.goto(`${origin}/tokenkeep-register`)
  await name(page).fill(identifier)
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect.poll(() => status(page)).toBe('valid')
}
const signedOut = async (page: Page, origin: string, identifier: string): Promise<void> => {
  await signUp(page, origin, identifier)
  await page.evaluate(() => auth.signOut())
}

test('signs up and in without AbortSignal.any (case K3)', async ({ page, site }) => {
  await page.addInitScript(() => {
    Object.defineProperty(AbortSignal, 'any', { value: undefined })
  })
  await signedOut(page, site.origin, 'safari@example.com')
  await page.goto(`${site.origin}/tokenkeep-login`)
  await expect.poll(() => status(page)).toBe('valid')
})

for (const failure of ['NotAllowedError', 'UnknownError', 'SecurityError', 'TypeError'])
  test(
    `shows nothing if the autofill fails with ${failure}, and seldom offers it again (case K4)`,
    { tag: failure === 'NotAllowedError' ? [] : '@full' },
    async ({ page, site }) => {
      await page.addInitScript((exception) => {
        navigator.credentials.get = async () => {
          throw exception === 'TypeError' ? new TypeError('no') : new DOMException('no', exception)
        }
      }, failure)
      const starts: string[] = []
      page.on('request', (request) => request.url().endsWith('/start') && starts.push(request.url()))
      await page.goto(`${site.origin}/tokenkeep-auth`)
      await expect.poll(() => starts.length).toBe(1)
      for (let focuses = 0; focuses < 5; focuses++) {
        await name(page).focus()
        await signInButton(page).focus()
      }
      await expect(page.getByRole('alert')).toBeHidden()
      expect(await page.evaluate(() => heard)).toEqual([])
      expect(starts).toHaveLength(1)
      // The person acts. Now the error is shown.
      await signInButton(page).click()
      await expect(page.getByRole('alert')).toBeVisible()
    },
  )

test('offers passkeys once app-id is set, and shows nothing before (case K4)', async ({ page, site }) => {
  await signedOut(page, site.origin, 'late@example.com')
  await page.goto(`${site.origin}/tokenkeep-login?late`)
  await expect(signInButton(page)).toBeVisible()
  await name(page).focus()
  await expect(page.getByRole('alert')).toBeHidden()
  await page.evaluate(() => element.setAttribute('app-id', 'demo'))
  await expect.poll(() => status(page)).toBe('valid')
})

test("no element's offer or removal ends another one's prompt (case K5)", async ({ page, site }) => {
  await signedOut(page, site.origin, 'two@example.com')
  await page.goto(`${site.origin}/tokenkeep-login?held`)
  await expect.poll(() => page.evaluate(() => ceremonies)).toEqual(['offer'])
  // The first element has an offer in the autofill. The second one opens its prompt, which ends the offer.
  await page.evaluate(() => {
    const second = element.cloneNode() as HTMLElement
    second.id = 'second'
    document.querySelector('main')!.append(second)
  })
  const second = page.locator('#second')
  await second.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect.poll(() => page.evaluate(() => ceremonies)).toContain('prompt')
  // A new app id makes the first element offer again, and its removal ends its own ceremony.
  const started = page.waitForResponse((response) => response.url().endsWith('/login/webauthn/start'))
  await page.evaluate(() => element.setAttribute('app-id', 'demo'))
  await started
  await page.evaluate(() => element.remove())
  await page.evaluate(() => prompts.release())
  await expect(second.getByText('You are signed in.')).toBeVisible()
  expect(await page.evaluate(() => ceremonies.slice(ceremonies.indexOf('prompt')))).not.toContain('offer')
})

test('reset() stops the ceremony that runs (case K13)', async ({ page, site }) => {
  await page.goto(`${site.origin}/tokenkeep-register?held`)
  await name(page).fill('reset@example.com')
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect.poll(() => page.evaluate(() => ceremonies)).toContain('create')
  await page.evaluate(() => element.reset())
  await expect(name(page)).toHaveValue('')
  await expect.poll(() => page.evaluate(() => ceremonies)).toEqual(['create', 'end of create'])
  expect(await page.evaluate(() => heard)).toEqual([])
  expect(await status(page)).toBe('signed-out')
  await expect(page.getByRole('alert')).toBeHidden()
})

test('keeps what was typed when the element is moved, and its ceremony (case K13)', async ({
  page,
  site,
}) => {
  await page.goto(`${site.origin}/tokenkeep-register?held`)
  await name(page).fill('moved@example.com')
  const move = () => page.evaluate(() => document.querySelector('main')!.prepend(element))
  await move()
  await expect(name(page)).toHaveValue('moved@example.com')
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect.poll(() => page.evaluate(() => ceremonies)).toContain('create')
  await move()
  await page.evaluate(() => prompts.release())
  await expect(page.getByText('You are signed in.')).toBeVisible()
})

test('keeps the focus in the element through each step (case K13)', async ({ page, site }) => {
  await page.goto(`${site.origin}/tokenkeep-register`)
  await page.keyboard.press('Tab')
  await page.keyboard.type('focus@example.com')
  await page.keyboard.press('Enter')
  await expect(page.getByText('You are signed in.')).toBeFocused()
  await page.evaluate(() => auth.signOut())
  await expect(name(page)).toBeFocused()
})

/** Shows the site's page at another address. */
const mirror = (page: Page, address: string, origin: string) =>
  page.route(`${address}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const response = await fetch(origin + pathname)
    await route.fulfill({
      contentType: response.headers.get('content-type')!,
      body: await response.text(),
    })
  })

test('says that the address needs https (case K13)', async ({ page, site }) => {
  await mirror(page, 'http://shop.example', site.origin)
  await page.goto('http://shop.example/tokenkeep-auth')
  await expect(page.getByRole('alert')).toHaveText(
    'Passkeys need a secure address. Open this page with https://.',
  )
})

test('says that the frame may not use passkeys (case K13)', async ({ page, site }) => {
  await mirror(page, 'https://frame.example', site.origin)
  await page.route('https://top.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<iframe src="https://frame.example/tokenkeep-auth"></iframe>',
    }),
  )
  await page.goto('https://top.example/')
  await expect(page.frameLocator('iframe').getByRole('alert')).toHaveText(
    'Passkeys are not allowed in this frame. Open the page in a tab of its own.',
  )
})
