import { chromium, expect, test } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as browsers from '../src/browsers.ts'
import { bundle } from '../src/bundle.ts'

// Places where Chromium runs an app that is not an ordinary page: docs/platforms.md has a row for each. In each of them, two
// contexts of one origin share a session, over a server that rotates strictly and forgives nothing.

/** A token endpoint with single-use refresh tokens. `refreshes`: the refresh tokens that it was sent. */
async function startServer() {
  const refreshes: string[] = []
  let generation = 1
  const files = new Map<string, string>()
  const server = createServer(async (request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    if (request.method === 'OPTIONS') return response.end()
    const file = files.get(request.url!)
    if (file !== undefined)
      return response
        .setHeader('content-type', request.url!.endsWith('.js') ? 'text/javascript' : 'text/html')
        .end(file)
    let body = ''
    for await (const piece of request) body += piece
    const token = new URLSearchParams(body).get('refresh_token')!
    response.setHeader('content-type', 'application/json')
    if (request.url !== '/token') return response.end('{}')
    refreshes.push(token)
    if (token !== `r${generation}`) return response.writeHead(400).end('{"error":"invalid_grant"}')
    generation += 1
    const issued = { access_token: `a${generation}`, refresh_token: `r${generation}`, expires_in: 3600 }
    return response.end(JSON.stringify({ token_type: 'Bearer', ...issued }))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return { url, refreshes, files, close: () => server.close() }
}

/** The app's code. It runs in every context. */
const app = (url: string): string => `
  import { createTokenManager, oauth } from '@tokenkeep/core'
  const transport = oauth({ tokenEndpoint: '${url}/token', revocationEndpoint: '${url}/revoke', clientId: 'app' })
  const auth = createTokenManager({ transport })
  globalThis.app = {
    signIn: () => auth.signIn({ token_type: 'Bearer', access_token: 'a1', refresh_token: 'r1', expires_in: 1 }),
    token: () => auth.getAuthToken().catch(({ code }) => code),
    status: () => auth.get().status,
    signOut: () => auth.signOut(),
  }
`

/** A page or a worker. */
interface Context {
  evaluate(code: string): Promise<unknown>
}

/** Signs in, lets both contexts refresh after the expiry, and signs out. */
async function share(one: Context, other: Context, refreshes: readonly string[]): Promise<void> {
  await one.evaluate('app.signIn()')
  expect(await other.evaluate('app.token()')).toBe('a1')
  await expect.poll(() => one.evaluate('app.status()')).toBe('expired')
  const tokens = [one, other, one, other].map((context) => context.evaluate('app.token()'))
  expect(new Set(await Promise.all(tokens))).toEqual(new Set(['a2']))
  expect(refreshes).toEqual(['r1'])
  await one.evaluate('app.signOut()')
  await expect.poll(() => other.evaluate('app.status()')).toBe('signed-out')
  expect(await other.evaluate('app.token()')).toBe('sign-in-required')
}

test('a page and its service worker share a session', { tag: '@full' }, async ({ page, context }) => {
  const { url, refreshes, files, close } = await startServer()
  files.set('/', '<!doctype html><script type="module" src="/app.js"></script>')
  files.set(
    '/app.js',
    `${await bundle(app(url))}\nnavigator.serviceWorker.register('/worker.js', { type: 'module' })`,
  )
  files.set('/worker.js', await bundle(app(url)))
  const started = context.waitForEvent('serviceworker')
  await page.goto(url)
  await share(page, await started, refreshes)
  close()
})

test(
  'the popup and the background worker of an extension (MV3) share a session',
  { tag: '@full' },
  async () => {
    const { url, refreshes, close } = await startServer()
    const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-extension-'))
    const manifest = {
      manifest_version: 3,
      name: 'app',
      version: '1',
      host_permissions: [`${url}/*`],
      background: { service_worker: 'app.js', type: 'module' },
      action: { default_popup: 'popup.html' },
    }
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
    await writeFile(join(folder, 'app.js'), await bundle(app(url)))
    await writeFile(join(folder, 'popup.html'), '<!doctype html><script type="module" src="app.js"></script>')
    const browser = await chromium.launchPersistentContext('', {
      executablePath: browsers.chromium,
      headless: true,
      ignoreDefaultArgs: ['--disable-extensions'],
      args: [
        '--no-sandbox',
        '--headless=new',
        `--disable-extensions-except=${folder}`,
        `--load-extension=${folder}`,
      ],
    })
    const background = browser.serviceWorkers()[0] ?? (await browser.waitForEvent('serviceworker'))
    const popup = await browser.newPage()
    await popup.goto(new URL('popup.html', background.url()).href)
    await share(popup, background, refreshes)
    await browser.close()
    await rm(folder, { recursive: true })
    close()
  },
)

test('two windows of a file, as in Electron, share a session', { tag: '@full' }, async ({ context }) => {
  const { url, refreshes, close } = await startServer()
  const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-file-'))
  const file = join(folder, 'index.html')
  // A module of a file is blocked, so the script is inline.
  const script = (await bundle(app(url))).replaceAll('</script', '<\\/script')
  await writeFile(file, `<!doctype html><script type="module">${script}</script>`)
  const [one, other] = [await context.newPage(), await context.newPage()]
  await one.goto(`file://${file}`)
  await other.goto(`file://${file}`)
  await share(one, other, refreshes)
  await rm(folder, { recursive: true })
  close()
})

/** What browsers have learned since the oldest that docs/platforms.md names. */
const newer = `
  const names = {
    Array: ['fromAsync'],
    'Array.prototype': ['findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with'],
    Object: ['groupBy'],
    Map: ['groupBy'],
    Promise: ['withResolvers', 'try'],
    URL: ['canParse', 'parse'],
    AbortSignal: ['any'],
    'String.prototype': ['isWellFormed', 'toWellFormed'],
    'Set.prototype': ['union', 'intersection', 'difference', 'isSubsetOf'],
  }
  for (const [path, keys] of Object.entries(names)) {
    const holder = path.split('.').reduce((object, name) => object[name], globalThis)
    for (const key of keys) delete holder[key]
  }
  for (const name of ['Iterator', 'structuredClone', 'scheduler', 'navigation', 'CompressionStream']) delete globalThis[name]
`

test('two tabs of the oldest supported browser share a session', async ({ context }) => {
  const { url, refreshes, files, close } = await startServer()
  files.set('/', '<!doctype html><script type="module" src="/app.js"></script>')
  files.set('/app.js', await bundle(app(url)))
  await context.addInitScript(newer)
  const [one, other] = [await context.newPage(), await context.newPage()]
  await one.goto(url)
  await other.goto(url)
  expect(await one.evaluate('typeof URL.canParse + typeof AbortSignal.any')).toBe('undefinedundefined')
  await share(one, other, refreshes)
  close()
})
