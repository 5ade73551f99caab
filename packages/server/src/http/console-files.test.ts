import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { consoleRoutes } from './console-files.ts'
import { startServer } from '../../test/server.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-console-'))
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'not for the web')
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html><title>Console</title>')
  writeFileSync(join(folder, 'dist', 'assets', 'index-a1b2c3.js'), 'export {}')
})
afterAll(() => rmSync(folder, { recursive: true }))

const get = async (path: string): Promise<Response> =>
  consoleRoutes(join(folder, 'dist')).request(`http://localhost${path}`)

it('serves the page under every path of its own router, with revalidation', async () => {
  for (const path of ['/console/', '/console', '/console/users', '/console/apps/demo/users/x?page=2']) {
    const response = await get(path)
    expect([path, response.status]).toEqual([path, 200])
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toContain('<title>Console')
  }
})

it('lets files with a hash in their name be cached permanently, and responds with 404 for a missing file', async () => {
  const asset = await get('/console/assets/index-a1b2c3.js')
  expect(asset.headers.get('content-type')).toContain('javascript')
  expect(asset.headers.get('cache-control')).toContain('immutable')
  expect((await get('/console/assets/index-gone.js')).status).toBe(404)
})

it('forbids inline code, other origins, frames and strings as scripts', async () => {
  const policy = (await get('/console/')).headers.get('content-security-policy')!
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ])
    expect(policy.split('; ')).toContain(part)
  expect(policy).not.toContain('unsafe')
})

it('serves nothing outside its folder', async () => {
  for (const path of [
    '/console/..%2fsecret.txt',
    '/console/%2e%2e/secret.txt',
    '/console/assets/..\\..\\secret.txt',
  ])
    expect(await (await get(path)).text()).not.toContain('not for the web')
})

it('has its own policy in the session server, while the API has a stricter one', async () => {
  const server = await startServer({ console: join(folder, 'dist') })
  try {
    const page = await server.ask('GET', '//console/users')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('x-request-id')).toBeTruthy()
    const api = await server.ask('GET', '/')
    expect(api.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
  } finally {
    await server.stop()
  }
})
