import { describe, expect, it } from 'vitest'
import { uncovered } from './coverage.ts'
import { mutants, without } from './mutants.ts'
import { replay, simulate } from './simulate.ts'

/** Milliseconds. */
const MINUTE = 60_000

// SEED=7: the walk of that seed only. Default: 50,000 walks, from seed 1.
const { SEED } = process.env
const first = Number(SEED ?? 1)
const MAX_WALKS = 50_000
const walks = SEED ? 1 : MAX_WALKS

it('random walks of three tabs violate no invariant, and cover all combinations', () => {
  console.log(`${walks} walks of three tabs, from SEED=${first}`)
  const coverage = new Set<string>()
  const startedAt = performance.now()
  for (let seed = first; seed < first + walks; seed++) {
    const found = simulate(seed, { coverage })
    expect(found && [`SEED=${seed}`, found.invariant, ...found.trace]).toBeUndefined()
  }
  const perMinute = Math.round((walks / (performance.now() - startedAt)) * MINUTE)
  console.log(`${perMinute} walks per minute; ${coverage.size} combinations covered`)
  // One walk cannot cover them all.
  if (!SEED) expect(uncovered(coverage)).toEqual([])
})

describe('the simulator finds a violation in the mutant without', () => {
  for (const mutant of mutants)
    it(mutant, () => {
      const rules = without(mutant)
      let seed = 1
      let found = simulate(seed, { rules })
      while (!found && seed < MAX_WALKS) found = simulate(++seed, { rules })
      expect(found, `no violation in ${MAX_WALKS} walks`).toBeDefined()
      console.log(`without ${mutant}: SEED=${seed}, ${found!.invariant}, ${found!.trace.length} steps`)
      // The same walk finds the same violation again, and finds nothing in the complete protocol.
      expect(replay(found!.walk, rules)).toEqual(found)
      expect(replay(found!.walk)).toBeUndefined()
    })
})

it('performs the same walk for the same seed', () => {
  const rules = without('fence')
  for (let seed = 1; seed < 300; seed++) expect(simulate(seed, { rules })).toEqual(simulate(seed, { rules }))
})
