import { describe, expect, it } from 'vitest'
import { neverMet } from './coverage.ts'
import { mutants, without } from './mutants.ts'
import { replay, simulate } from './simulate.ts'

const minute = 60_000
const runs = 50_000

it('three tabs, seeded walks with swarms of faults: no invariant broken', { timeout: 5 * minute }, () => {
  const coverage = new Set<string>()
  const since = performance.now()
  for (let seed = 1; seed <= runs; seed++) {
    const found = simulate(seed, { coverage })
    expect(found && [`seed ${seed}`, found.invariant, ...found.trace]).toBeUndefined()
  }
  const perMinute = Math.round((runs / (performance.now() - since)) * minute)
  console.log(`${runs} walks of three tabs, ${perMinute} a minute; ${coverage.size} combinations met`)
  expect(neverMet(coverage)).toEqual([])
})

describe('the simulator can fail: it finds what goes wrong without', () => {
  for (const mutant of mutants)
    it(mutant, { timeout: minute }, () => {
      const rules = without(mutant)
      let seed = 1
      let found = simulate(seed, { rules })
      while (!found && seed < runs) found = simulate(++seed, { rules })
      expect(found, `not in ${runs} walks`).toBeDefined()
      console.log(`without ${mutant}: seed ${seed}, ${found!.invariant}, ${found!.trace.length} steps`)
      // A failing walk can be taken again, and holds nothing that could be left out.
      expect(replay(found!.walk, rules)).toEqual(found)
      expect(replay(found!.walk)).toBeUndefined()
    })
})

it('a seed is a walk: the same again', () => {
  const rules = without('fence')
  for (let seed = 1; seed < 300; seed++) expect(simulate(seed, { rules })).toEqual(simulate(seed, { rules }))
})
