import { expect, test, type Page } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { bundle } from '../src/bundle.ts'
import { root } from '../src/child.ts'

// The core's contract with the platform, the one its own tests' fakes keep, in a real browser: page and worker.

const core = join(root, 'packages', 'core', 'src')
const suite = `
  import { contract } from '${core}/environment-contract.fixture.ts'
  import { browserEnvironment } from '${core}/environment.ts'
  import { indexedDb } from '${core}/indexed-db.ts'
  globalThis.runContract = async () => {
    const outcomes = {}
    for (const [title, check] of Object.entries(contract)) {
      const world = {
        stores: [indexedDb('contract'), indexedDb('contract')],
        environments: [browserEnvironment, browserEnvironment],
      }
      outcomes[title] = await check(world).then(() => 'holds', String)
    }
    return outcomes
  }
`
const worker = `
  import { createTokenManager, functions } from '${core}/index.ts'
  ${suite}
  const granted = { authToken: 'second', expiresIn: 60, refreshToken: 'r2' }
  const auth = createTokenManager({ transport: functions({ key: 'worker', refresh: async () => granted }) })
  const run = async () => {
    await auth.signIn({ authToken: 'first', expiresIn: 60, refreshToken: 'r1' })
    const tokens = [await auth.getAuthToken(), await auth.getAuthToken({ minValidSeconds: 70 })]
    await auth.signOut()
    return { tokens, status: auth.get().status, outcomes: await globalThis.runContract() }
  }
  run().then((result) => postMessage(result), (error) => postMessage(String(error)))
`

const serve = async (page: Page): Promise<() => void> => {
  const files: Record<string, string> = {
    '/suite.js': await bundle(suite),
    '/worker.js': await bundle(worker),
  }
  const server = createServer(({ url }, response) => {
    const script = files[url!]
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    response.end(script ?? '<!doctype html><script type="module" src="/suite.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  return () => server.close()
}

test(
  'storage, locks and hints of Chromium keep the contract that the fakes keep',
  { tag: '@once' },
  async ({ page }) => {
    const close = await serve(page)
    const outcomes = await page.evaluate<Record<string, string>>('runContract()')
    expect(Object.keys(outcomes)).toHaveLength(6)
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['holds']))
    close()
  },
)

test('in a worker too, with a manager of its own', { tag: '@once' }, async ({ page }) => {
  const close = await serve(page)
  const result = await page.evaluate(
    `new Promise((resolve) => (new Worker('/worker.js', { type: 'module' }).onmessage = ({ data }) => resolve(data)))`,
  )
  expect(result).toMatchObject({ tokens: ['first', 'second'], status: 'signed-out' })
  expect(new Set(Object.values((result as { outcomes: object }).outcomes))).toEqual(new Set(['holds']))
  close()
})
