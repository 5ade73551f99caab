import { expect, test as base, type Browser, type Locator, type Page } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { accessibility } from '../src/accessibility.ts'
import { servePage } from '../src/elements-page.ts'
import { passElevenMinutes } from '../src/pass-time.ts'
import { SessionServer, type Opened } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

// The page on which a user sees and changes their passkeys and sessions, and the functions below it, against the real server.

/** If the query is `?bound`, the session is bound to a key of the browser. */
const script = (server: string): string => `
  import { createTokenManager, sendProof, sessionServer, withProof } from '@tokenkeep/core'
  import { createAccount, createPasskeys, german } from '@tokenkeep/elements'
  import '@tokenkeep/elements/define'
  const app = { server: '${server}', appId: '${SessionServer.appId}' }
  const transport = sessionServer({ url: app.server, appId: app.appId })
  const isBound = location.search === '?bound'
  const auth = createTokenManager({ transport: isBound ? withProof(transport) : transport })
  const proof = isBound ? sendProof : undefined
  const refused = []
  document.addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective))
  const prompts = []
  for (const method of ['get', 'create']) {
    const ask = navigator.credentials[method].bind(navigator.credentials)
    navigator.credentials[method] = (options) => (prompts.push(method), ask(options))
  }
  const element = document.createElement('tokenkeep-account')
  element.setAttribute('server', app.server)
  element.setAttribute('app-id', app.appId)
  Object.assign(element, { manager: auth, proof })
  const heard = []
  element.addEventListener('changed', ({ detail }) => heard.push(detail))
  element.addEventListener('failure', ({ detail }) => heard.push('failure:' + detail.code))
  document.querySelector('main').append(element)
  const sheet = new CSSStyleSheet()
  // The accessibility check takes a page without a background for a white one.
  sheet.replaceSync('html { background: Canvas; color-scheme: light dark } main { max-width: 720px; margin: 32px auto; padding: 0 16px }')
  document.adoptedStyleSheets.push(sheet)
  const account = createAccount({ ...app, manager: auth, proof })
  const passkeys = createPasskeys(app)
  const signUp = async (name) => auth.signIn(await passkeys.signUp(name))
  const code = (work) => work.then(() => 'done', (error) => error.code)
  Object.assign(globalThis, { account, auth, code, element, german, heard, prompts, refused, signUp })
`
interface Manager {
  get(): { status: string }
  getAuthToken(options?: { minValidSeconds: number }): Promise<string>
  session(): { id: string; dpop?: { isBound?: boolean } } | undefined
  signIn(result: Opened): Promise<void>
  signOut(): Promise<void>
}
interface Listed {
  readonly id: string
  readonly name: string
  readonly current: boolean
}
type Changing = (id: string, ...rest: unknown[]) => Promise<void>
declare const auth: Manager
declare const account: {
  readonly passkeys: { list(options?: object): Promise<Listed[]>; rename: Changing; remove: Changing }
  readonly sessions: { list(): Promise<Listed[]>; end: Changing; endOthers(): Promise<void> }
}
declare const code: (work: Promise<unknown>) => Promise<string>
declare const element: HTMLElement & { texts: object }
declare const german: object
declare const heard: string[]
declare const prompts: string[]
declare const refused: string[]
declare const signUp: (name: string) => Promise<void>

interface Site {
  readonly origin: string
  readonly server: SessionServer
}
const test = base.extend<object, { site: Site }>({
  site: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      const server = await SessionServer.create(await freePort(), origin, 'account', 300, {
        binding: 'preferred',
      })
      await server.start()
      const pages = await servePage(port, server.url, script(server.url))
      await use({ origin, server })
      pages.close()
      await server.dispose()
    },
    { scope: 'worker' },
  ],
})

test.beforeEach(async ({ page }) => {
  await addAuthenticator(page)
})
// Checks after each test that the page has not violated the strictest Content Security Policy.
test.afterEach(async ({ page }) => expect(await page.evaluate(() => refused)).toEqual([]))

const openPage = async (page: Page, { origin }: Site, name: string, query = ''): Promise<void> => {
  await page.goto(`${origin}/${query}`)
  await expect(page.getByText('Sign in to see your passkeys and sessions.')).toBeVisible()
  await page.evaluate((each) => signUp(each), name)
  await expect(rows(passkeys(page))).toHaveCount(1)
}
const passkeys = (page: Page): Locator => page.getByRole('region', { name: 'Passkeys' })
const sessions = (page: Page): Locator => page.getByRole('region', { name: 'Where you are signed in' })
const rows = (region: Locator): Locator => region.getByRole('listitem')

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

/** Signs a user in by the management API, as another browser does. */
async function openSession({ server }: Site, name: string, body: object): Promise<Opened> {
  const found = await server.manage('GET', `/users?identifier=${encodeURIComponent(name)}`)
  const { users } = (await found.json()) as { users: { id: string }[] }
  const path = `/users/${users[0]!.id}`
  // The user has signed up without proof of the name.
  await server.manage('PATCH', path, { identifier_origin: 'vouched' })
  const opened = await server.manage('POST', `${path}/sessions`, body)
  return ((await opened.json()) as { auth_result: Opened }).auth_result
}
/** Opens the page in another browser, in which the user is signed in too. */
async function openBrowser(browser: Browser, site: Site, name: string, userAgent: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(site.origin)
  const result = await openSession(site, name, { user_agent: userAgent, ip: '203.0.113.7' })
  await page.evaluate((each) => auth.signIn(each), result)
  await expect(rows(sessions(page)).first()).toBeVisible()
  return page
}
const refresh = (page: Page): Promise<string> =>
  page.evaluate(() => code(auth.getAuthToken({ minValidSeconds: Infinity })))

test('a user adds, renames and removes passkeys, with the keyboard only', async ({ page, site }) => {
  await openPage(page, site, 'ada@example.com')
  const mine = passkeys(page)
  // The only passkey has no button that removes it.
  await expect(mine.getByRole('button', { name: /^Remove/ })).toHaveCount(0)
  await expect(mine.getByText('Add a second passkey')).toBeVisible()
  const [{ id } = { id: '' }] = await page.evaluate(() => account.passkeys.list())
  expect(await page.evaluate((only) => code(account.passkeys.remove(only)), id)).toBe('only-passkey')

  // The browser refuses to make another passkey in the same device.
  const add = mine.getByRole('button', { name: 'Add a passkey' })
  await add.press('Enter')
  await expect(mine.getByRole('alert')).toContainText('This device already has a passkey for your account.')
  await addAuthenticator(page, 'usb')
  await add.press('Enter')
  await expect(mine.getByRole('status')).toHaveText('The passkey has been added.')
  await expect(rows(mine)).toHaveCount(2)
  await expect(mine.getByRole('alert')).toBeHidden()
  await expect(add).toBeFocused()

  const second = rows(mine).nth(1)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(second.getByRole('button', { name: /^Rename/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(second.getByLabel('Name of the passkey')).toBeFocused()
  await page.keyboard.type('Key on my ring')
  await page.keyboard.press('Enter')
  await expect(mine.getByRole('status')).toHaveText('The passkey has been renamed.')
  await expect(second.getByRole('button', { name: 'Rename Key on my ring' })).toBeFocused()

  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const question = mine.getByRole('group', {
    name: 'Remove “Key on my ring”? You can no longer sign in with it.',
  })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(question.getByRole('button', { name: 'Remove passkey' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(mine.getByRole('status')).toHaveText('The passkey has been removed.')
  await expect(rows(mine)).toHaveCount(1)
  await expect(rows(mine)).toBeFocused()
  expect(await page.evaluate(() => heard)).toEqual([
    'failure:has-passkey',
    'passkey-added',
    'passkey-renamed',
    'passkey-removed',
  ])
  expect(await page.evaluate(() => account.passkeys.list().then((all) => all.length))).toBe(1)
})

test('a double click on the button of a passkey removes nothing', async ({ page, site }) => {
  await openPage(page, site, 'double@example.com')
  await addAuthenticator(page, 'usb')
  await passkeys(page).getByRole('button', { name: 'Add a passkey' }).click()
  await expect(rows(passkeys(page))).toHaveCount(2)
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await rows(passkeys(page))
      .first()
      .getByRole('button', { name: /^Remove/ })
      .dblclick()
    await page.evaluate(() => account.passkeys.list())
    await expect(rows(passkeys(page))).toHaveCount(2)
    expect(await page.evaluate(() => heard)).toEqual(['passkey-added'])
    await page.keyboard.press('Escape')
  }
})

test('a user ends the session of another browser, which is signed out at its next refresh, and all others', async ({
  page,
  browser,
  site,
}) => {
  const name = 'grace@example.com'
  await openPage(page, site, name)
  const linux = await openBrowser(browser, site, name, FIREFOX)
  const phones = [
    await openBrowser(browser, site, name, IPHONE),
    await openBrowser(browser, site, name, 'curl/8.5.0'),
  ]
  await page.reload()
  const all = sessions(page)
  await expect(rows(all)).toHaveCount(4)
  await expect(rows(all).first()).toContainText('This browser')
  await expect(rows(all).first().getByRole('button')).toHaveCount(0)
  const firefox = rows(all).filter({ hasText: 'Firefox on Linux' })
  await expect(firefox).toContainText('203.0.113.7')
  await firefox.getByRole('button', { name: 'End Firefox on Linux' }).click()
  await expect(all.getByRole('status')).toHaveText('The session has ended.')
  await expect(rows(all)).toHaveCount(3)
  expect(await refresh(linux)).toBe('sign-in-required')
  await expect(linux.getByText('Sign in to see your passkeys and sessions.')).toBeVisible()
  await expect(rows(passkeys(linux))).toHaveCount(0)
  for (const phone of phones) expect(await refresh(phone)).toBe('done')

  await expect(rows(all).filter({ hasText: 'Unknown device' })).toHaveCount(1)
  await all.getByRole('button', { name: 'End all other sessions' }).click()
  await expect(rows(all)).toHaveCount(1)
  await expect(all.getByRole('heading')).toBeFocused()
  for (const phone of phones) expect(await refresh(phone)).toBe('sign-in-required')
  expect(await refresh(page)).toBe('done')
  await expect(rows(all)).toHaveCount(1)
})

test('asks for the passkey before passkeys change if the sign-in is old, and then goes on (T25)', async ({
  page,
  site,
}) => {
  await openPage(page, site, 'old@example.com')
  const mine = passkeys(page)
  const takeKey = await addAuthenticator(page, 'usb')
  await mine.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(rows(mine)).toHaveCount(2)
  await takeKey()
  passElevenMinutes(site.server)
  await page.evaluate(() => prompts.splice(0))
  await rows(mine)
    .nth(1)
    .getByRole('button', { name: /^Remove/ })
    .click()
  await rows(mine).nth(1).getByRole('button', { name: 'Remove passkey' }).click()
  await expect(rows(mine)).toHaveCount(1)
  expect(await page.evaluate(() => prompts)).toEqual(['get'])

  // The question is the first prompt, and the new passkey would be the second: this device has one already.
  passElevenMinutes(site.server)
  await mine.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(mine.getByRole('alert')).toContainText('This device already has a passkey for your account.')
  // For ten minutes, nothing is asked again.
  await mine.getByRole('button', { name: 'Add a passkey' }).click()
  await expect.poll(() => page.evaluate(() => prompts)).toEqual(['get', 'get', 'create', 'create'])
})

test('tells a user who has no passkey to confirm with what helps (better-auth-ui/better-auth-ui#86)', async ({
  page,
  site,
}) => {
  await site.server.manage('POST', '/users', { identifier: 'vouched@example.com' })
  const result = await openSession(site, 'vouched@example.com', {
    auth_time: Math.floor(Date.now() / 1000) - 3600,
  })
  await page.goto(site.origin)
  await page.evaluate((each) => auth.signIn(each), result)
  await expect(passkeys(page).getByText('You have no passkey yet.')).toBeVisible()
  await passkeys(page).getByRole('button', { name: 'Add a passkey' }).click()
  await expect(passkeys(page).getByRole('alert')).toHaveText(
    'You signed in too long ago for this. Sign out, sign in again, then try again.',
  )
})

test('shows nothing of a user who has signed out in another tab', async ({ page, site }) => {
  await openPage(page, site, 'shared@example.com')
  const other = await page.context().newPage()
  await other.goto(site.origin)
  await expect(rows(passkeys(other))).toHaveCount(1)
  await other.evaluate(() => auth.signOut())
  await expect(page.getByRole('listitem')).toHaveCount(0)
  await expect(page.getByText('Sign in to see your passkeys and sessions.')).toBeVisible()
})

for (const query of ['', '?bound'])
  test(`the functions below the page, ${query ? 'with the proof of a bound session' : 'without a proof'}`, async ({
    page,
    browser,
    site,
  }) => {
    const name = `functions${query}@example.com`
    await openPage(page, site, name, query)
    if (query) {
      // While the auth token is valid, the first try of a refresh only makes and stores the key.
      for (let tries = 0; tries < 2; tries++) expect(await refresh(page)).toBe('done')
      expect(await page.evaluate(() => auth.session()?.dpop?.isBound)).toBe(true)
    }
    const other = await openBrowser(browser, site, name, FIREFOX)
    const results = await page.evaluate(async () => {
      const [passkey] = await account.passkeys.list()
      const { id } = passkey!
      const aborted = AbortSignal.abort()
      const codes = [
        await code(account.passkeys.rename(id, 'My key')),
        await code(account.passkeys.rename(id, ' ')),
        await code(account.passkeys.rename('unknown', 'My key')),
        await code(account.passkeys.remove('unknown')),
        await code(account.passkeys.remove(id)),
        await code(account.passkeys.rename(id, 'Another', { signal: aborted })),
        await code(account.passkeys.list({ signal: aborted })),
        await code(account.sessions.end('unknown')),
      ]
      const named = (await account.passkeys.list())[0]!.name
      const before = await account.sessions.list()
      const own = before.find(({ current }) => current)!.id
      await account.sessions.endOthers()
      const after = await account.sessions.list()
      return { codes, named, own, all: before.length, after: after.map(({ id: each }) => each) }
    })
    expect(results).toEqual({
      codes: ['done', 'failed', 'not-found', 'done', 'only-passkey', 'cancelled', 'cancelled', 'done'],
      named: 'My key',
      own: await page.evaluate(() => auth.session()!.id),
      all: 2,
      after: [results.own],
    })
    expect(await refresh(other)).toBe('sign-in-required')
    expect(await page.evaluate(() => code(auth.signOut().then(() => account.passkeys.list())))).toBe(
      'signed-out',
    )
  })

test('is accessible, and fits small, enlarged, right-to-left and German pages, with long names', async ({
  page,
  browser,
  site,
}) => {
  const name = 'shown@example.com'
  await openPage(page, site, name)
  await addAuthenticator(page, 'usb')
  await passkeys(page).getByRole('button', { name: 'Add a passkey' }).click()
  await expect(rows(passkeys(page))).toHaveCount(2)
  for (const userAgent of [FIREFOX, IPHONE]) await openBrowser(browser, site, name, userAgent)
  await page.evaluate(async () => {
    const [first, second] = await account.passkeys.list()
    await account.passkeys.rename(first!.id, 'MacBook Pro')
    await account.passkeys.rename(second!.id, 'Security key')
  })
  await page.setViewportSize({ width: 800, height: 760 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.reload()
    await expect(rows(sessions(page))).toHaveCount(3)
    expect((await accessibility(page).include('main').analyze()).violations).toEqual([])
    await page.screenshot({ path: test.info().outputPath(`${colorScheme}.png`) })
    await rows(passkeys(page))
      .first()
      .getByRole('button', { name: /^Rename/ })
      .click()
    await rows(passkeys(page)).first().getByLabel('Name of the passkey').fill('')
    await page.keyboard.press('Enter')
    await rows(passkeys(page))
      .nth(1)
      .getByRole('button', { name: /^Remove/ })
      .click()
    expect((await accessibility(page).include('main').analyze()).violations).toEqual([])
    await page.screenshot({ path: test.info().outputPath(`${colorScheme}-open.png`) })
  }

  // openchamber/openchamber#3181: a name without spaces covered what is beside it.
  await page.evaluate(async () => {
    const [first] = await account.passkeys.list()
    await account.passkeys.rename(first!.id, 'W'.repeat(100))
    element.texts = german
  })
  // 640 pixels are 1280 at a zoom of 200 %.
  for (const width of [320, 640])
    for (const dir of ['ltr', 'rtl'] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.reload()
      await page.evaluate((each) => {
        document.documentElement.dir = each
        element.texts = german
      }, dir)
      const mine = page.getByRole('region', { name: 'Passkeys' })
      await expect(rows(mine)).toHaveCount(2)
      await rows(mine)
        .nth(1)
        .getByRole('button', { name: /^Umbenennen/ })
        .click()
      await rows(mine)
        .first()
        .getByRole('button', { name: /^Entfernen/ })
        .click()
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { documentElement: root } = document
        return { scrollWidth: root.scrollWidth, clientWidth: root.clientWidth }
      })
      await page.screenshot({ path: test.info().outputPath(`${width}-${dir}.png`), fullPage: true })
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth)
      expect((await accessibility(page).include('main').analyze()).violations).toEqual([])
    }
})
