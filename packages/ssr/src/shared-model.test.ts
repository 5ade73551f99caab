import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { nothingSeen, playShared, sharedSteps } from '../test/shared-model.ts'
import { stores, type StoreUnderTest } from '../test/stores.ts'

const clock = performance.now.bind(performance)

/** An instance wakes after its lease, and sends nothing. The next page is served at once: nothing has failed. */
const wokenLate: Parameters<typeof playShared>[0] = [
  { type: 'wait', seconds: 180 },
  {
    type: 'requests',
    each: [{ at: 2, fate: 'arrives' }],
    weather: 'fine',
    fault: { at: 2, kind: 'frozen', point: 'after lease' },
    leaves: false,
  },
  { type: 'requests', each: [{ at: 0, fate: 'arrives' }], weather: 'fine', fault: undefined, leaves: false },
]

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
    await fc.assert(property, { numRuns, endOnFailure: true, examples: [[[...wokenLate]]] })
    console.log(`${name}:`, seen)
    // In a few walks, some faults may not happen.
    const counts = numRuns < 40 ? [seen.rotations, seen.lost] : Object.values(seen)
    for (const count of counts) expect(count).toBeGreaterThan(0)
  })
})
