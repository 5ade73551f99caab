import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { build } from 'vite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeSigner, TestIssuer } from '../test/issuer.ts'

/**
 * A worker with one backend for all requests, as an app has it. Each request says by how many milliseconds the clocks of
 * the worker are ahead, and whether its monotonic clock stands still.
 */
const worker = (url: string): string => `
  import { createBackend, isAuthError } from 'tokenkeep'
  let ahead = 0
  let standsStill = false
  for (const clock of [Date, performance]) {
    const real = clock.now.bind(clock)
    clock.now = () => clock === performance && standsStill ? 0 : real() + ahead
  }
  const backend = createBackend({ url: '${url}', appId: 'demo', now: () => Date.now() - ahead })
  export default {
    async fetch(request) {
      standsStill = request.headers.has('x-stands-still')
      ahead = Number(request.headers.get('x-ahead'))
      try {
        const { userId } = await backend.authenticate(request)
        return new Response(userId)
      } catch (error) {
        return isAuthError(error) ? error.toResponse() : new Response(String(error), { status: 500 })
      }
    },
  }
`

/** Bundles the worker with the sources of the main entry. */
async function bundle(code: string): Promise<string> {
  const entry = fileURLToPath(new URL('index.ts', import.meta.url))
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'workerd', 'worker'], alias: { tokenkeep: entry } },
    plugins: [
      {
        name: 'worker',
        resolveId: (id) => (id === 'worker' ? '\0worker' : undefined),
        load: (id) => (id === '\0worker' ? code : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rollupOptions: { input: 'worker', preserveEntrySignatures: 'strict' },
    },
  })) as unknown as { output: [{ code: string }] }
  return built.output[0].code
}

let issuer: TestIssuer
let workers: Miniflare
beforeEach(async () => {
  issuer = await TestIssuer.start()
  workers = new Miniflare({
    modules: true,
    script: await bundle(worker(issuer.url)),
    compatibilityDate: '2024-01-01',
  })
})
afterEach(async () => {
  await workers.dispose()
  await issuer.stop()
})

const call = async (token: string, ahead = 0, more: Record<string, string> = {}): Promise<string> => {
  const headers = { authorization: `Bearer ${token}`, 'x-ahead': String(ahead), ...more }
  const response = await workers.dispatchFetch('https://api.example.com/', { headers })
  return response.text()
}

it('accepts a new key in a worker after a refetch that ended with its request (case K1)', async () => {
  const token = await issuer.sign()
  expect(await call(token)).toBe('ada')
  // The keys are eleven minutes old. This request begins a refetch, and ends before the server has answered.
  issuer.delay = 3000
  expect(await call(token, 660_000)).toBe('ada')
  await expect.poll(() => issuer.fetches).toBe(2)
  issuer.delay = 0
  const second = await makeSigner('second')
  issuer.keys = [issuer.signer.jwk, second.jwk]
  const renewed = await issuer.sign({}, {}, second)
  const answers = await Promise.all(Array.from({ length: 5 }, () => call(renewed, 661_500)))
  expect(answers).toEqual(Array.from({ length: 5 }, () => 'ada'))
})

it('stops accepting a removed key in a worker, where no refetch in the background ends (case K1)', async () => {
  const token = await issuer.sign()
  expect(await call(token)).toBe('ada')
  issuer.keys = [(await makeSigner('second')).jwk]
  issuer.delay = 300
  expect(await call(token, 660_000)).toBe('ada')
  await expect.poll(() => issuer.fetches).toBe(2)
  expect(await call(token, 670_000)).toContain('token_invalid')
})

it('fetches the keys for parallel first requests in a worker (case K1)', async () => {
  const token = await issuer.sign()
  issuer.delay = 200
  // A request waits one second for the fetch of another one. A busy machine can need longer for this.
  const more = { 'x-stands-still': 'yes' }
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(token, 0, more)))
  expect(answers).toEqual(Array.from({ length: 20 }, () => 'ada'))
  expect(issuer.fetches).toBe(1)
})
