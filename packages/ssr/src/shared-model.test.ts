import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { nothingSeen, playShared, sharedSteps } from '../test/shared-model.ts'
import { stores, type StoreUnderTest } from '../test/stores.ts'

const clock = performance.now.bind(performance)

describe.each([
  ['a store in memory', Number(process.env['SSR_WALKS'] ?? 40)],
  ['PostgreSQL', 8],
  ['Redis, by the package redis', 8],
] as const)('R37: instances that share %s', (name, numRuns) => {
  let place: StoreUnderTest
  let passed = 0
  beforeAll(async () => {
    place = await stores[name]!()
    vi.spyOn(performance, 'now').mockImplementation(() => clock() + passed)
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await place.close()
  })

  it('lose no session at a strict server, send one refresh per expiry, and obey each sign-out', async () => {
    const seen = nothingSeen()
    const pass = (seconds: number): void => void (passed += seconds * 1000)
    const property = fc.asyncProperty(sharedSteps, (walk) => playShared(walk, place, pass, seen))
    await fc.assert(property, { numRuns, endOnFailure: true })
    console.log(`${name}:`, seen)
    // In a few walks, some faults may not happen.
    const counts = numRuns < 40 ? [seen.rotations, seen.lost] : Object.values(seen)
    for (const count of counts) expect(count).toBeGreaterThan(0)
  })
})
