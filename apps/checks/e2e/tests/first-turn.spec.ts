import { expect, test, type Page } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bundle } from '../src/bundle.ts'

// What a page knows of its session in the turn in which its script runs, and what a duplicated tab may believe.

/** `firstTurn`: what `wasSignedIn` said when the script ran. */
const script = `
  import { createTokenManager, functionTransport, sessionStorageStore, wasSignedIn } from '@tokenkeep/core'
  const ofTab = location.pathname === '/tab'
  const transport = functionTransport({
    key: ofTab ? 'tab' : 'all',
    refresh: async () => ({ authToken: 'newer', expiresIn: 3600, refreshToken: 'r2' }),
  })
  const firstTurn = wasSignedIn(transport)
  const auth = createTokenManager({ transport, ...(ofTab && { storage: sessionStorageStore() }) })
  globalThis.app = {
    firstTurn,
    signIn: () => auth.signIn({ authToken: 'first', expiresIn: 3600, refreshToken: 'r1' }),
    signOut: () => auth.signOut(),
    token: () => auth.getAuthToken().catch(({ code }) => code),
    open: () => void window.open(location.href),
  }
`

async function serve(): Promise<{ url: string; close: () => void }> {
  const code = await bundle(script)
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', url === '/app.js' ? 'text/javascript' : 'text/html')
    response.end(url === '/app.js' ? code : '<!doctype html><script type="module" src="/app.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

const reloaded = async (page: Page): Promise<unknown> => {
  await page.reload()
  return page.evaluate('app.firstTurn')
}

test('a page knows in its first turn whether somebody was signed in, and never after a sign-out', async ({
  page,
  context,
}) => {
  const { url, close } = await serve()
  await page.goto(url)
  expect(await page.evaluate('app.firstTurn')).toBe(false)
  await page.evaluate('app.signIn()')
  expect(await reloaded(page)).toBe(true)
  const other = await context.newPage()
  await other.goto(url)
  await other.evaluate('app.signOut()')
  expect(await reloaded(page)).toBe(false)
  // A sign-out counts even if the page is left before anything was written.
  await page.evaluate('app.signIn()')
  expect(await reloaded(page)).toBe(true)
  await page.evaluate('globalThis.isLeft = true, app.signOut(), location.reload()')
  await page.waitForFunction('globalThis.app && !globalThis.isLeft')
  expect(await page.evaluate('app.firstTurn')).toBe(false)
  close()
})

test(
  'a duplicated tab starts signed out, and the first tab goes on (case A6)',
  { tag: '@full' },
  async ({ page, context }) => {
    const { url, close } = await serve()
    await page.goto(`${url}/tab`)
    await page.evaluate('app.signIn()')
    // A page that another one opens gets a copy of its sessionStorage, as a duplicated tab does.
    const opening = context.waitForEvent('page')
    await page.evaluate('app.open()')
    const copy = await opening
    await copy.waitForFunction('globalThis.app !== undefined')
    expect(await copy.evaluate('Object.keys(sessionStorage).length')).toBeGreaterThan(0)
    expect(await copy.evaluate('app.token()')).toBe('sign-in-required')
    await page.reload()
    expect(await page.evaluate('app.token()')).toBe('first')
    close()
  },
)
