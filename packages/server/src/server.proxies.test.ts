import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startNginx, type Nginx } from '../test/nginx.ts'
import { freePort, startServer, type TestServer } from '../test/server.ts'
import { prepareConsole } from './index.ts'

let server: TestServer | undefined
let nginx: Nginx | undefined
afterEach(async () => {
  await nginx?.stop()
  await server?.stop()
  nginx = server = undefined
})

describe('behind nginx with its default settings', () => {
  it('a revocation arrives on the stream at once (case F1)', async () => {
    server = await startServer()
    nginx = await startNginx(await freePort(), `location / { proxy_pass ${server.url}; }`)
    const { userId, result } = await server.signIn()
    const response = await fetch(`${nginx.url}/v1/apps/demo/revocations`, {
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

  const passesOn: [string, (url: string) => string][] = [
    ['removes the path', (url) => `location /auth/ { proxy_pass ${url}/; }`],
    ['passes the path on', (url) => `location /auth/ { proxy_pass ${url}; }`],
  ]
  it.each(passesOn)('everything works if nginx %s (case F15)', async (_, location) => {
    const port = await freePort()
    const site = `http://127.0.0.1:${port}`
    server = await startServer({ baseUrl: `${site}/auth/`, console: folder })
    nginx = await startNginx(port, location(server.url))
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
