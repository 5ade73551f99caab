import { expect, test } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { bundle } from '../src/bundle.ts'
import { root } from '../src/child.ts'
import { openSession, SessionServer } from '../src/session-server.ts'

// A session that is bound to a key (DPoP), in a real browser: its storage, its Web Crypto and its CORS.

const core = join(root, 'packages', 'core', 'src', 'index.ts')
const script = `
  import { createAuthFetch, createTokenManager, sendProof, sessionServer, withProof } from '${core}'
  const url = new URLSearchParams(location.search).get('server')
  const auth = createTokenManager({ transport: withProof(sessionServer({ url, appId: 'demo' })) })
  const read = () => new Promise((resolve, reject) => {
    const opening = indexedDB.open('tokenkeep', 1)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const reading = opening.result.transaction('tokenkeep').objectStore('tokenkeep').getAll()
      reading.onsuccess = () => resolve(reading.result.find(({ session }) => session))
    }
  })
  globalThis.owner = {
    signIn: auth.signIn,
    refresh: () => auth.getAuthToken({ minValidSeconds: 1e6 }),
    isBound: () => auth.session()?.dpop?.isBound,
    me: async () => {
      const authFetch = createAuthFetch(auth, { origins: [url], proof: sendProof })
      return (await authFetch(url + '/v1/apps/demo/currentuser')).status
    },
    // What a script of an attacker can read.
    steal: async () => {
      const record = await read()
      const { privateKey } = record.session.dpop
      const exported = await crypto.subtle.exportKey('jwk', privateKey).then(() => 'exported', ({ name }) => name)
      return { exported, record: JSON.parse(JSON.stringify(record)) }
    },
  }
`

interface InPage {
  signIn(result: unknown): Promise<void>
  refresh(): Promise<string>
  isBound(): boolean | undefined
  me(): Promise<number>
  steal(): Promise<{ exported: string; record: { refreshToken: string; retryId: string } }>
}
declare const owner: InPage

const portOf = (server: ReturnType<typeof createServer>): number => (server.address() as AddressInfo).port
async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return portOf(server)
}

let server: SessionServer
let site: ReturnType<typeof createServer>
let address: string
test.beforeAll(async () => {
  const code = await bundle(script)
  site = createServer(({ url }, response) => {
    response.setHeader('content-type', url === '/page.js' ? 'text/javascript' : 'text/html')
    response.end(url === '/page.js' ? code : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  const origin = `http://localhost:${await listen(site)}`
  const probe = createServer()
  const port = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  server = await SessionServer.create(port, origin, 'bound', 300, { binding: 'required' })
  await server.start()
  address = `${origin}/?server=${encodeURIComponent(server.url)}`
})
test.afterAll(async () => {
  site.close()
  await server.dispose()
})

test('T08: a script that reads the whole record gets nothing that works elsewhere, and the owner goes on', async ({
  context,
}) => {
  const page = await context.newPage()
  await page.goto(address)
  const opened = await openSession(server)
  await page.evaluate((result) => owner.signIn(result), opened)
  // While the auth token is valid, the first try of a refresh only makes and stores the key.
  await page.evaluate(() => owner.refresh())
  await page.evaluate(() => owner.refresh())
  expect(await page.evaluate(() => owner.isBound())).toBe(true)
  expect(await page.evaluate(() => owner.me())).toBe(200)

  const { exported, record } = await page.evaluate(() => owner.steal())
  expect(exported).toBe('InvalidAccessError')
  expect(record).toMatchObject({ refreshToken: expect.stringMatching(/^rt2\./) })
  expect(JSON.stringify(record)).not.toContain('"d":')
  expect(await server.refreshStatus(record.refreshToken)).toBe(400)
  await expect.poll(() => server.log.some(({ alarm }) => alarm === 'stolen-token')).toBe(true)

  // The key survives a reload, and a second tab has the same one.
  await page.reload()
  await page.evaluate(() => owner.refresh())
  const second = await context.newPage()
  await second.goto(address)
  await second.evaluate(() => owner.refresh())
  await page.evaluate(() => owner.refresh())
  expect(await second.evaluate(() => owner.me())).toBe(200)
  const outcomes = () => server.refreshes().map(({ outcome }) => outcome)
  // The log may arrive after the answer. The last refresh sends nothing if this tab has not yet heard of the one before it.
  await expect
    .poll(() => outcomes().filter((outcome) => outcome === 'rotated').length)
    .toBeGreaterThanOrEqual(3)
  expect(new Set(outcomes().filter((outcome) => !['rotated', 'replayed'].includes(outcome)))).toEqual(
    new Set(['unproven']),
  )
})
