import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startCaddy, type Caddy } from '../test/caddy.ts'
import { startNginx, type Nginx } from '../test/nginx.ts'
import { startServer, type TestServer } from '../test/server.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { prepareConsole } from './index.ts'

let server: TestServer | undefined
let proxy: Nginx | Caddy | undefined
afterEach(async () => {
  await proxy?.stop()
  await server?.stop()
  proxy = server = undefined
})

describe('behind a proxy with its default settings', () => {
  const proxies: [string, (port: number, url: string) => Promise<Nginx | Caddy>][] = [
    ['nginx', (port, url) => startNginx(port, `location / { proxy_pass ${url}; }`)],
    ['Caddy', (port, url) => startCaddy(port, `reverse_proxy ${url}`)],
  ]
  it.each(proxies)('%s: a revocation arrives on the stream at once (case F1)', async (_, start) => {
    server = await startServer()
    proxy = await start(await freePort(), server.url)
    const { userId, result } = await server.signIn()
    const response = await fetch(`${proxy.url}/v1/apps/demo/revocations`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${server.key}` },
    })
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) text += (await reader.read()).value ?? ''
    }
    await until('event: ready')
    await server.manage('DELETE', `/users/${userId}/tokens`)
    await until('event: revocation')
    expect(text).toContain(userId)
    expect(result.user_id).toBe(userId)
    await reader.cancel()
  })
})

describe('under a path of a site', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenkeep-console-'))
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script src="./assets/index-a1.js"></script>')
    writeFileSync(join(folder, 'assets', 'index-a1.js'), 'export {}')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const passesOn: [string, (port: number, url: string) => Promise<Nginx | Caddy>][] = [
    ['nginx removes the path', (port, url) => startNginx(port, `location /auth/ { proxy_pass ${url}/; }`)],
    ['nginx passes the path on', (port, url) => startNginx(port, `location /auth/ { proxy_pass ${url}; }`)],
    [
      'Caddy removes the path',
      (port, url) => startCaddy(port, `handle_path /auth/* {\nreverse_proxy ${url}\n}`),
    ],
    [
      'Caddy passes the path on',
      (port, url) => startCaddy(port, `handle /auth/* {\nreverse_proxy ${url}\n}`),
    ],
  ]
  it.each(passesOn)('everything works if %s (case F15)', async (_, start) => {
    const port = await freePort()
    const site = `http://127.0.0.1:${port}`
    server = await startServer({ baseUrl: `${site}/auth/`, console: folder })
    proxy = await start(port, server.url)
    const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(path.startsWith('http') ? path : site + path, { headers })

    const invitation = await prepareConsole(server.store, `${site}/auth/`, Date.now())
    expect(invitation).toContain(`${site}/auth/console/#invitation=`)
    for (const path of ['/auth/console/', '/auth/console/apps/demo/users']) {
      const page = await get(path)
      expect([path, page.status]).toEqual([path, 200])
      const [, asset] = /src="([^"]+)"/.exec(await page.text())!
      expect((await get(new URL(asset!, site + path).href)).status).toBe(200)
    }
    const discovery = await get('/auth/v1/apps/demo/.well-known/openid-configuration')
    const { issuer, jwks_uri } = (await discovery.json()) as Record<string, string>
    expect(issuer).toBe(`${site}/auth/v1/apps/demo`)
    expect((await get(jwks_uri!)).status).toBe(200)

    await server.signIn()
    await server.signIn()
    const authorization = { authorization: `Bearer ${server.key}` }
    const list = await get('/auth/v1/apps/demo/users?limit=1', authorization)
    const { _links } = (await list.json()) as { _links: Record<string, { href: string }> }
    const next = await get(_links['next']!.href, authorization)
    expect(((await next.json()) as { users: unknown[] }).users).toHaveLength(1)
  })
})

describe('a base URL', () => {
  it.each(['https://Auth.Example:443', 'https://auth.example/', 'https://auth.example//'])(
    'is one issuer in each of its spellings: %s (case F15)',
    async (baseUrl) => {
      server = await startServer({ baseUrl })
      const discovery = await server.ask('GET', '/.well-known/openid-configuration')
      expect(await discovery.json()).toMatchObject({ issuer: 'https://auth.example/v1/apps/demo' })
    },
  )
})
