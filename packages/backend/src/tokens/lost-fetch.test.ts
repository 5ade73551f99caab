import fc from 'fast-check'
import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createKeySet } from './key-set.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

/** What becomes of the fetch that a request begins. `lost`: its request has ended, so its promise never settles. */
const fates = ['answers', 'fails', 'lost'] as const

it('no request waits for a fetch that was lost with another request (case K1)', async () => {
  const { publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'EdDSA' }
  const request = fc.record({
    fate: fc.constantFrom(...fates),
    pause: fc.constantFrom(0, 1, 500, 1500, 7000, 11_000, 660_000),
    kid: fc.constantFrom('first', 'invented'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), async (requests) => {
      let fate: (typeof fates)[number] = 'answers'
      const fetch = async (): Promise<Response> => {
        if (fate === 'lost') return new Promise<never>(() => {})
        if (fate === 'fails') throw new TypeError('fetch failed')
        return Response.json({ keys: [jwk] })
      }
      const keys = createKeySet({
        url: 'https://auth.example.com/jwks',
        fetch,
        elapsed: () => performance.now(),
      })
      for (const { pause, kid, ...own } of requests) {
        fate = own.fate
        await vi.advanceTimersByTimeAsync(pause)
        const settled: unknown[] = []
        const settle = (outcome: unknown): void => void settled.push(outcome)
        void Promise.resolve(keys({ alg: 'EdDSA', kid }, { payload: '', signature: '' })).then(settle, settle)
        // A request whose own fetch is lost has ended. Every other request must settle, though it may wait for a lost one first.
        if (own.fate === 'lost') continue
        for (let waited = 0; !settled.length && waited < 3000; waited += 100)
          await vi.advanceTimersByTimeAsync(100)
        expect(settled).toHaveLength(1)
      }
      // After all of this, the keys of a server that answers are found: at the latest, after the pause for unknown keys.
      fate = 'answers'
      await vi.advanceTimersByTimeAsync(20_000)
      const found = Promise.resolve(keys({ alg: 'EdDSA', kid: 'first' }, { payload: '', signature: '' }))
      await vi.advanceTimersByTimeAsync(3000)
      await expect(found).resolves.toBeDefined()
    }),
    { numRuns: 200 },
  )
})
