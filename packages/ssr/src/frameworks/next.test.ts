import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { toNodeHandler } from '@tokenkeep/server'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createBrowser, epochIn, type Browser } from '../../test/browser.ts'
import { key } from '../../test/world.ts'
import { LIFETIME, startSessionServer, type SessionServer } from '../../test/session-server.ts'

const here = dirname(fileURLToPath(import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')

/** The files of an app, as its author writes them, except for the paths of the imports. */
const files: Record<string, string> = {
  'sessions.js': `
    import { createServerSessions, sessionServer, withClientSecret } from './tokenkeep/index.js'
    import { nextSessions } from './tokenkeep/next.js'
    import { readFileSync } from 'node:fs'
    const { AUTH_URL, CLIENT_SECRET, SESSION_KEY, PORT, CLOCK } = process.env
    export const origin = 'http://localhost:' + PORT
    export const sessions = createServerSessions({
      transport: withClientSecret(sessionServer({ url: AUTH_URL, appId: 'shop' }), {
        clientId: 'shop',
        clientSecret: CLIENT_SECRET,
      }),
      appId: 'shop',
      origin,
      keys: [SESSION_KEY],
      // The tests move the clock. The proxy and the pages share no module, so they read the clock from a file.
      environment: { now: () => Date.now() + Number(readFileSync(CLOCK)), fetch: (url, init) => fetch(url, init) },
    })
    export const { proxy, auth, withAuth, save } = nextSessions(sessions)`,
  'proxy.js': `
    export { proxy } from './sessions.js'
    export const config = { matcher: ['/((?!_next|plain).*)'] }`,
  'app/layout.js': `export default ({ children }) => <html><body>{children}</body></html>`,
  'app/page.js': `
    import { auth } from '../sessions.js'
    const Token = async () => {
      const session = await auth()
      return <i>{await session.getAuthToken().catch((error) => error.code)}</i>
    }
    export default async function Page() {
      const session = await auth()
      // A page without a proxy refreshes here, in memory.
      await session.refreshAhead()
      return <main data-status={session.state().status}>{Array.from({ length: 8 }, (_, at) => <Token key={at} />)}</main>
    }`,
  // The matcher of the proxy leaves this page out.
  'app/plain/page.js': `export { default } from '../page.js'`,
  'app/handler/route.js': `
    import { withAuth } from '../../sessions.js'
    export const GET = withAuth(async (request, session) => Response.json({
      token: await session.getAuthToken(),
      cookie: request.headers.get('cookie'),
    }))`,
  'app/auth/[route]/route.js': `
    import { sessions } from '../../../sessions.js'
    export const POST = (request) => sessions.handler(new Request(new URL(new URL(request.url).pathname, 'http://app'), request))`,
  'app/sign-in/route.js': `
    import { sessions, withAuth } from '../../sessions.js'
    export const POST = withAuth(async (request, session) => {
      await session.signIn(await request.json())
      return Response.json(session.snapshot())
    })`,
}

let server: SessionServer
let http: Server
let child: ChildProcess
let folder: string
let url: string

beforeAll(async () => {
  server = await startSessionServer()
  server.now = Date.now()
  http = createServer(toNodeHandler({ ...server, fetch: answer } as never))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  folder = await mkdtemp(join(here, '..', '..', '.next-test-'))
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    build: {
      outDir: join(folder, 'tokenkeep'),
      lib: { entry: [join(here, '..', 'index.ts'), join(here, 'next.ts')], formats: ['es'] },
      rolldownOptions: { external: [/^next/, 'react'] },
    },
  })
  await passTime(0)
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  for (const [name, code] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), code)
  }
  const port = await freePort()
  child = spawn(process.execPath, [next, 'dev', folder, '--port', `${port}`], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      NEXT_TELEMETRY_DISABLED: '1',
      AUTH_URL: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      CLIENT_SECRET: server.clientSecret,
      SESSION_KEY: key,
      PORT: `${port}`,
      CLOCK: join(folder, 'clock'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Next exited with code ${code}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /http:\/\/localhost:\d+/.exec(line)
      if (found) resolve(found[0])
    })
  })
})
beforeAll(async () => {
  // Next compiles a page when it is first asked for, which takes longer than a token lives.
  for (const path of ['/', '/plain', '/handler']) await visit(createBrowser(), path)
  await visit(createBrowser(), '/auth/state', { method: 'POST', headers: fromPage() })
  await visit(createBrowser(), '/sign-in', { method: 'POST', headers: fromPage(), body: '{}' })
})
afterAll(async () => {
  child.kill('SIGTERM')
  await once(child, 'exit')
  http.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** The session server goes by the clock of the tests, as the app does. */
const answer = (request: Request): Promise<Response> => {
  server.now = Date.now() + offset
  return server.answer(request)
}

/** How far the tests have moved the clock of the app and of the session server. Milliseconds. */
let offset = 0
async function passTime(seconds: number): Promise<void> {
  offset += seconds * 1000
  await writeFile(join(folder, 'clock'), `${offset}`)
  server.now = Date.now() + offset
}
const expireToken = (): Promise<void> => passTime(LIFETIME)

const fromPage = () => ({ origin: url, 'sec-fetch-site': 'same-origin', 'tokenkeep-session': 'cookie' })
async function visit(browser: Browser, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url + path, {
    ...init,
    headers: { cookie: browser.header(), ...(init.headers as Record<string, string>) },
  })
  browser.receive(response)
  return response
}
async function signIn(): Promise<Browser & { userId: string }> {
  server.now = Date.now() + offset
  const userId = await server.createUser()
  const body = JSON.stringify(await server.openSession(userId))
  const browser = Object.assign(createBrowser(), { userId })
  await visit(browser, '/sign-in', { method: 'POST', headers: fromPage(), body })
  return browser
}
async function page(browser: Browser, path: string) {
  const response = await visit(browser, path)
  const html = await response.text()
  const tokens = [...html.matchAll(/<i>([^<]*)<\/i>/g)].map(([, token]) => token)
  return { response, html, tokens, status: /data-status="([\w-]+)"/.exec(html)?.[1] }
}

it('R01, R03, R24: the proxy refreshes once, and the components of the same request see its pair', async () => {
  const browser = await signIn()
  const before = await page(browser, '/')
  expect([before.status, before.tokens.length, new Set(before.tokens).size]).toEqual(['valid', 8, 1])
  await expireToken()
  const { refreshes } = server
  const { response, status, tokens } = await page(browser, '/')
  expect([status, tokens.length, new Set(tokens).size]).toEqual(['valid', 8, 1])
  expect(tokens[0]).not.toBe(before.tokens[0])
  expect(server.refreshes - refreshes).toBe(1)
  expect(response.headers.getSetCookie()).toHaveLength(1)
  expect(response.headers.get('cache-control')).toContain('no-store')
  expect((await page(browser, '/')).tokens).toEqual(tokens)
})

it('R03: a route handler sees the pair of the proxy too', async () => {
  const browser = await signIn()
  await visit(browser, '/handler')
  await expireToken()
  const { refreshes } = server
  const response = await visit(browser, '/handler')
  expect([response.status, server.refreshes - refreshes, response.headers.getSetCookie().length]).toEqual([
    200, 1, 1,
  ])
})

it('R06: components alone are served for as long as nothing can be stored', async () => {
  const browser = await signIn()
  for (let round = 0; round < 3; round++) {
    await expireToken()
    const { status, tokens } = await page(browser, '/plain')
    expect([status, tokens.length, new Set(tokens).size]).toEqual(['valid', 8, 1])
  }
  expect(await server.events('reuse')).toEqual([])
})

it('J9: a cookie of another program whose encoding is broken reaches the page as it is', async () => {
  const browser = await signIn()
  browser.cookies.set('other', 'a%20b%E0%A4%A')
  await expireToken()
  expect((await page(browser, '/')).status).toBe('valid')
  const echoed = (await (await visit(browser, '/handler')).json()) as { cookie: string }
  expect(echoed.cookie).toContain('other=a%20b%E0%A4%A')
})

it('R39: no page holds a refresh token, and only the page that prints it holds the auth token', async () => {
  const browser = await signIn()
  const { html } = await page(browser, '/')
  expect(html).not.toMatch(/rt1\./)
})

it('R10, R26: signs out by POST alone, at once', async () => {
  const browser = await signIn()
  expect((await visit(browser, '/auth/sign-out')).status).toBe(405)
  const response = await visit(browser, '/auth/sign-out', { method: 'POST', headers: fromPage() })
  expect([response.status, epochIn(browser)]).toEqual([200, 'out'])
  expect((await page(browser, '/')).status).toBe('signed-out')
  expect(await server.alive(browser.userId)).toEqual([])
})
