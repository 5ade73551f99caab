import { expect, test as base, type Page } from '@playwright/test'
import { createBackend, isAuthError } from '@tokenkeep/backend'
import { createServer } from 'node:http'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { accessibility } from '../src/accessibility.ts'
import { bundle } from '../src/bundle.ts'
import { SessionServer } from '../src/session-server.ts'
import { addAuthenticator } from '../src/virtual-authenticator.ts'

// The whole way of a step-up (RFC 9470): an API refuses, the person confirms with a passkey, and the request is sent once more. The
// page, the API and the session server have three origins.

const script = (server: string, api: string): string => `
  import { createAuthFetch, createStepUp, createTokenManager, sendProof, sessionServer, withProof } from '@tokenkeep/core'
  import { createPasskeys } from '@tokenkeep/elements'
  import '@tokenkeep/elements/define'
  const app = { url: '${server}', appId: '${SessionServer.appId}' }
  const transport = sessionServer(app)
  const auth = createTokenManager({ transport: location.search === '?bound' ? withProof(transport) : transport })
  const passkeys = createPasskeys({ server: app.url, appId: app.appId })
  const dialog = document.querySelector('dialog')
  const element = document.querySelector('tokenkeep-reauthenticate')
  Object.assign(element, { manager: auth, proof: sendProof })
  element.addEventListener('reauthenticated', () => dialog.close('confirmed'))
  let prompts = 0
  const reauthenticate = () => new Promise((resolve, reject) => {
    prompts += 1
    element.reset()
    dialog.returnValue = ''
    dialog.onclose = () => dialog.returnValue === 'confirmed' ? resolve() : reject(new Error('not confirmed'))
    dialog.showModal()
  })
  const authFetch = createAuthFetch(auth, {
    origins: ['${api}'],
    proof: sendProof,
    stepUp: createStepUp({ reauthenticate }),
  })
  globalThis.person = {
    signUp: async (name) => auth.signIn(await passkeys.signUp(name)),
    refresh: () => auth.getAuthToken({ minValidSeconds: Infinity }),
    session: () => auth.session().id,
    isBound: () => auth.session().dpop?.isBound === true,
    prompts: () => prompts,
    transfer: async (amount) => {
      const answer = await authFetch('${api}/transfers', { method: 'POST', body: String(amount) })
      return answer.status + ' ' + await answer.text()
    },
  }
`

interface Person {
  signUp(name: string): Promise<void>
  refresh(): Promise<string>
  session(): string
  isBound(): boolean
  prompts(): number
  transfer(amount: number): Promise<string>
}
declare const person: Person

const html = (
  server: string,
): string => `<!doctype html><html lang="en"><title>Bank</title><link rel="icon" href="data:,">
<main><h1>Bank</h1></main>
<dialog aria-label="Confirm the transfer">
  <tokenkeep-reauthenticate server="${server}" app-id="${SessionServer.appId}"></tokenkeep-reauthenticate>
</dialog>
<script type="module" src="/tab.js"></script>`

interface Site {
  readonly origin: string
  readonly server: SessionServer
  /** What the API answered, in order. */
  readonly answers: number[]
}

const test = base.extend<object, { site: Site }>({
  site: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const [port, apiPort, serverPort] = [await freePort(), await freePort(), await freePort()]
      const origin = `http://localhost:${port}`
      const apiUrl = `http://localhost:${apiPort}`
      const server = await SessionServer.create(serverPort, origin, 'bank', 300, { binding: 'preferred' })
      await server.start()
      const backend = createBackend({
        url: server.url,
        appId: SessionServer.appId,
        dpop: { url: apiUrl },
        onRefusal: () => {},
      })
      const answers: number[] = []
      const api = createServer(async (request, response) => {
        response.setHeader('access-control-allow-origin', origin)
        response.setHeader('access-control-allow-headers', 'authorization, dpop')
        response.setHeader('access-control-expose-headers', 'dpop-nonce, www-authenticate')
        if (request.method === 'OPTIONS') return void response.writeHead(204).end()
        let body = ''
        for await (const chunk of request) body += String(chunk)
        try {
          const { claims } = await backend.authenticate(request, { maxAgeSeconds: 60, acrValues: ['phr'] })
          answers.push(200)
          response.end(`${body} by ${claims.amr?.join(' ')}`)
        } catch (error) {
          if (!isAuthError(error)) throw error
          answers.push(error.status)
          response.writeHead(error.status, error.headers).end(error.code)
        }
      })
      await new Promise<void>((resolve) => api.listen(apiPort, 'localhost', resolve))
      const tab = await bundle(script(server.url, apiUrl))
      const pages = createServer((request, response) => {
        const isScript = request.url === '/tab.js'
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
        response.end(isScript ? tab : html(server.url))
      })
      await new Promise<void>((resolve) => pages.listen(port, 'localhost', resolve))
      await use({ origin, server, answers })
      for (const each of [api, pages]) {
        each.close()
        each.closeAllConnections()
      }
      await server.dispose()
    },
    { scope: 'worker' },
  ],
})

test.beforeEach(async ({ page, site }) => {
  await addAuthenticator(page)
  site.answers.length = 0
})

const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm with your passkey' })
const transfer = (page: Page, amount: number) => page.evaluate((each) => person.transfer(each), amount)

for (const kind of ['bearer', 'bound'])
  test(`T23: an API refuses, the person confirms, and the request is sent once more (${kind} session)`, async ({
    page,
    site,
  }) => {
    await page.goto(`${site.origin}/?${kind}`)
    await page.evaluate((name) => person.signUp(name), `${kind}@example.com`)
    if (kind === 'bound') {
      // While the auth token is valid, the first try of a refresh only makes and stores the key.
      await page.evaluate(() => person.refresh())
      await page.evaluate(() => person.refresh())
    }
    expect(await page.evaluate(() => person.isBound())).toBe(kind === 'bound')
    const session = await page.evaluate(() => person.session())

    const two = Promise.all([transfer(page, 100), transfer(page, 200)])
    await expect(confirm(page)).toBeFocused()
    expect((await accessibility(page).analyze()).violations).toEqual([])
    await page.keyboard.press('Enter')
    expect(await two).toEqual(['200 100 by pop user mfa', '200 200 by pop user mfa'])
    await expect(confirm(page)).toBeHidden()
    expect(await page.evaluate(() => person.prompts())).toBe(1)
    expect(site.answers.filter((status) => status === 200)).toHaveLength(2)

    // The session is the same, in this tab and in the next. There nobody is asked again.
    expect(await page.evaluate(() => person.session())).toBe(session)
    const second = await page.context().newPage()
    await second.goto(`${site.origin}/?${kind}`)
    expect(await transfer(second, 300)).toBe('200 300 by pop user mfa')
    expect(await second.evaluate(() => [person.session(), person.prompts()])).toEqual([session, 0])
    const outcomes = site.server.refreshes().map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => !['rotated', 'replayed'].includes(outcome))).toEqual([])
  })

test('a person who does not confirm stays signed in, and is asked again the next time', async ({
  page,
  site,
}) => {
  await page.goto(site.origin)
  await page.evaluate(() => person.signUp('hesitant@example.com'))
  const refused = page.evaluate(() => person.transfer(100).catch((error: Error) => error.message))
  await expect(confirm(page)).toBeVisible()
  await page.keyboard.press('Escape')
  expect(await refused).toBe('not confirmed')
  const next = transfer(page, 200)
  await confirm(page).click()
  expect(await next).toBe('200 200 by pop user mfa')
  expect(site.answers.filter((status) => status === 200)).toHaveLength(1)
})
