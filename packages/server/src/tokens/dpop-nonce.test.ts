import { expect, it } from 'vitest'
import { deriveKeys } from './derived-keys.ts'
import { isFreshNonce, makeNonce } from './dpop-nonce.ts'
import { createUsedProofs } from './used-proofs.ts'

const now = 1_700_000_000_000
const minute = 60_000
const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

it('a nonce is good for its app, for five minutes, at every replica, and while the master key is rotated', () => {
  const nonce = makeNonce(deriveKeys(first), 'shop', now)
  const isFresh = (at: number, app = 'shop', masters: Buffer | Buffer[] = first): boolean =>
    isFreshNonce(deriveKeys(masters), app, nonce, at)
  expect([isFresh(now), isFresh(now + 4 * minute), isFresh(now - minute)]).toEqual([true, true, true])
  expect([isFresh(now + 5 * minute), isFresh(now - 2 * minute), isFresh(now, 'other')]).toEqual([
    false,
    false,
    false,
  ])
  expect(isFresh(now, 'shop', second)).toBe(false)
  expect(isFresh(now, 'shop', [second, first])).toBe(true)
})

it('a proof is remembered longer than any is accepted, and the memory is bounded (keycloak#43505)', () => {
  const proofs = createUsedProofs()
  expect(proofs.use('key', 'j', now)).toBe(true)
  for (let at = 0; at <= 6 * minute; at += 1000) proofs.use('key', `other ${at}`, now + at)
  expect(proofs.use('key', 'j', now + 6 * minute)).toBe(false)
  expect(proofs.use('another key', 'j', now + 6 * minute)).toBe(true)
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 400_000; i++) proofs.use('key', String(i), now)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100e6)
})
