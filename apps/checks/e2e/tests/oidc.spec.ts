import { expect, test, type Page } from '@playwright/test'
import { createServer, type RequestListener, type Server } from 'node:http'
import { Provider } from 'oidc-provider'
import { build } from 'vite'
import { freePort } from '../../../../scripts/lib/free-port.ts'

// Signs in at a real provider of another origin, with its own pages, from an app without a `<base>` element.

const script = (issuer: string): string => `
  import { createTokenManager, settled } from '@tokenkeep/core'
  import { oidc } from '@tokenkeep/oidc'
  const provider = oidc({ issuer: '${issuer}', clientId: 'page', params: { prompt: 'consent' } })
  const auth = createTokenManager({ transport: provider.transport })
  const callback = location.href
  const backs = await Promise.all([provider.completeSignIn(auth), provider.completeSignIn(auth)])
  await settled(auth)
  Object.assign(globalThis, { auth, provider, backs, callback })
`

/** Bundles the app with the built packages. Resolves to its files by their paths. */
async function bundleApp(issuer: string): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === 'app' ? '\0app' : undefined),
        load: (id) => (id === '\0app' ? script(issuer) : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: 'app', output: { entryFileNames: 'app.js', chunkFileNames: '[name].js' } },
    },
  })
  const { output } = built as { output: { type: string; fileName: string; code: string }[] }
  return new Map(
    output.filter(({ type }) => type === 'chunk').map(({ fileName, code }) => [`/${fileName}`, code]),
  )
}

const listen = (listener: RequestListener, port: number): Promise<Server> =>
  new Promise((resolve) => {
    const server: Server = createServer(listener).listen(port, 'localhost', () => resolve(server))
  })

const status = (page: Page) =>
  page.evaluate(() => (globalThis as never as { auth?: Auth }).auth?.get().status)
interface Auth {
  get(): { status: string }
  session(): { userId: string } | undefined
}

test('signs in, survives a reload and a second visit of the callback, and signs out (cases O01, O02, O06, O15, O16)', async ({
  context,
  page,
}) => {
  const [app, issuer] = [`http://localhost:${await freePort()}`, `http://localhost:${await freePort()}`]
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'page',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${app}/callback`],
        post_logout_redirect_uris: [`${app}/`],
      },
    ],
    features: { revocation: { enabled: true } },
    rotateRefreshToken: true,
    clientBasedCORS: (_, origin) => origin === app,
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  })
  let grants = 0
  const errors: string[] = []
  provider.on('grant.success', () => (grants += 1))
  provider.on('grant.error', (_, error) => errors.push(error.message))
  const files = await bundleApp(issuer)
  const html = '<!doctype html><title>app</title><script type="module" src="/app.js"></script>'
  const servers = [
    await listen(provider.callback(), Number(new URL(issuer).port)),
    await listen(
      ({ url }, response) => {
        const code = files.get(url!)
        response.setHeader('content-type', code ? 'text/javascript' : 'text/html').end(code ?? html)
      },
      Number(new URL(app).port),
    ),
  ]
  try {
    await page.goto(`${app}/orders/7?page=2#row`)
    await expect.poll(() => status(page)).toBe('signed-out')
    // The code of a sign-in is not loaded yet.
    const loaded = () =>
      page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
    expect(await loaded()).not.toContain('/protocol.js')
    await page.evaluate('void provider.signInWithRedirect()')
    await page.locator('input[name=login]').fill('ada')
    await page.locator('input[name=password]').fill('any')
    await page.locator('button[type=submit]').click()
    await page.getByText('Continue').click()

    await page.waitForURL(`${app}/orders/7?page=2#row`)
    await expect.poll(() => status(page)).toBe('valid')
    const back = { status: 'signed-in', returnTo: '/orders/7?page=2#row' }
    expect(await page.evaluate('backs')).toEqual([back, back])
    expect(grants).toBe(1)

    const callback = await page.evaluate<string>('callback')
    expect(callback).toContain(`${app}/callback?code=`)
    const other = await context.newPage()
    await other.goto(callback)
    await expect.poll(() => status(other)).toBe('valid')
    expect(await other.evaluate('backs')).toMatchObject([{ status: 'repeated' }, { status: 'repeated' }])
    expect(other.url()).toBe(`${app}/orders/7?page=2#row`)
    await page.reload()
    await expect.poll(() => status(page)).toBe('valid')
    expect(grants).toBe(1)
    await page.evaluate('auth.getAuthToken({ minValidSeconds: 100_000 })')
    expect(grants).toBe(2)

    await page.evaluate('void provider.signOutWithRedirect(auth)')
    await expect.poll(() => status(other)).toBe('signed-out')
    await page.getByText('Yes, sign me out').click()
    await page.waitForURL(`${app}/`)
    await expect.poll(() => status(page)).toBe('signed-out')
    expect(errors).toEqual([])
  } finally {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  }
})
