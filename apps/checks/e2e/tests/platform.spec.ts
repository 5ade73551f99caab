import { expect, test, type Page } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { contract } from '../../../../packages/core/test/environment-contract.ts'
import type { View } from '../../../../packages/core/test/view.ts'
import { bundle } from '../src/bundle.ts'
import { root } from '../src/child.ts'

// Checks the contract between the core and the platform in a real browser: in two tabs of two processes, in one page, and
// in a worker. The fakes of the core's tests and the environment of the model checker fulfil the same contract.

const core = join(root, 'packages', 'core', 'src')
const suite = `
  import { contract } from '${core}/../test/environment-contract.ts'
  import { browserEnvironment } from '${core}/environment.ts'
  import { indexedDbStore } from '${core}/stores/indexed-db.ts'
  import { viewOf } from '${core}/../test/view.ts'
  const view = () => viewOf(indexedDbStore('contract'), browserEnvironment)
  globalThis.view = view()
  globalThis.runContract = async () => {
    const outcomes = {}
    for (const [title, check] of Object.entries(contract))
      outcomes[title] = await check(view(), view()).then(() => 'holds', String)
    return outcomes
  }
`
const worker = `
  import { createTokenManager, functionTransport } from '${core}/index.ts'
  ${suite}
  const granted = { authToken: 'second', expiresIn: 60, refreshToken: 'r2' }
  const auth = createTokenManager({ transport: functionTransport({ key: 'worker', refresh: async () => granted }) })
  const run = async () => {
    await auth.signIn({ authToken: 'first', expiresIn: 60, refreshToken: 'r1' })
    const tokens = [await auth.getAuthToken(), await auth.getAuthToken({ minValidSeconds: 70 })]
    await auth.signOut()
    return { tokens, status: auth.get().status, outcomes: await globalThis.runContract() }
  }
  run().then((result) => postMessage(result), (error) => postMessage(String(error)))
`

/** Serves the pages. The response of `/turn` says whether `/pass` was requested. */
const serve = async (): Promise<{ url: string; close: () => void }> => {
  const files: Record<string, string> = {
    '/suite.js': await bundle(suite),
    '/worker.js': await bundle(worker),
  }
  let passed = false
  const server = createServer(({ url }, response) => {
    passed ||= url === '/pass'
    if (url === '/turn' || url === '/pass') return response.end(String(passed))
    const script = files[url!]
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    return response.end(script ?? '<!doctype html><script type="module" src="/suite.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}/`, close: () => server.close() }
}

type Calls = Record<string, (...args: readonly unknown[]) => Promise<unknown>>

/** Returns a tab's view that this process can call. */
const viewIn = (page: Page): View => {
  const call = (method: string, args: unknown[]): Promise<unknown> =>
    page.evaluate(([method, args]) => (globalThis as unknown as { view: Calls }).view[method]!(...args), [
      method,
      args,
    ] as const)
  return new Proxy({} as View, {
    get:
      (_, method: string) =>
      (...args: unknown[]) =>
        call(method, args),
  })
}

test(
  'two tabs in two processes fulfil the contract that the fakes fulfil',
  { tag: '@once' },
  async ({ context }) => {
    const { url, close } = await serve()
    const [one, other] = [await context.newPage(), await context.newPage()]
    await Promise.all([one.goto(url), other.goto(url)])
    // One tab blocks its thread until the other has sent a request: this shows that they share no process.
    const spinning = one.evaluate(() => {
      for (let turn = 'false'; turn === 'false';) {
        const request = new XMLHttpRequest()
        request.open('GET', '/turn', false)
        request.send()
        turn = request.responseText
      }
    })
    await other.evaluate(() => fetch('/pass'))
    await spinning
    for (const [title, check] of Object.entries(contract))
      await test.step(title, () => check(viewIn(one), viewIn(other)))
    close()
  },
)

test('two views of one page fulfil the contract', { tag: '@once' }, async ({ page }) => {
  const { url, close } = await serve()
  await page.goto(url)
  const outcomes = await page.evaluate<Record<string, string>>('runContract()')
  expect(outcomes).toEqual(Object.fromEntries(Object.keys(contract).map((title) => [title, 'holds'])))
  close()
})

test('a worker fulfils the contract, and a manager works in it', { tag: '@once' }, async ({ page }) => {
  const { url, close } = await serve()
  await page.goto(url)
  const result = await page.evaluate(
    `new Promise((resolve) => (new Worker('/worker.js', { type: 'module' }).onmessage = ({ data }) => resolve(data)))`,
  )
  expect(result).toMatchObject({ tokens: ['first', 'second'], status: 'signed-out' })
  expect(new Set(Object.values((result as { outcomes: object }).outcomes))).toEqual(new Set(['holds']))
  close()
})

/** Begins to create the database, and aborts the creation when `undo()` is called. */
const making = `new Promise((begun) => {
  const opening = indexedDB.open('contract', 1)
  opening.onupgradeneeded = () => {
    const records = opening.result.createObjectStore('contract')
    globalThis.undo = () => opening.transaction.abort()
    const stay = () => (records.get('any').onsuccess = stay)
    stay()
    begun()
  }
})`

test(
  'a page that is left while it creates the database does not block other pages',
  { tag: '@once' },
  async ({ context }) => {
    const { url, close } = await serve()
    const [slow, page] = [await context.newPage(), await context.newPage()]
    await Promise.all([slow.goto(url), page.goto(url)])
    await slow.evaluate(making)
    // This read must wait for the other tab's creation, so it runs only after its page was left. If the browser froze the
    // page for Back, the read would never continue, and would block the other tabs.
    await page.evaluate('void view.read("left")')
    await page.goto(`${url}next`)
    await slow.evaluate('undo()')
    expect(await viewIn(page).write('left', 7)).toBe(7)
    close()
  },
)
