import { describe, expect, it } from 'vitest'
import { explore } from './explore.ts'
import { mutants, without, type Mutant } from './mutants.ts'
import { faults, initialWorld } from './world.ts'

// `pnpm explore` does the same with three tabs and each kind of fault at most once, and with two tabs and at most five
// faults.
describe('two tabs with any number of refreshes violate no invariant, in any order of events', () => {
  it('with at most three faults of any kinds', () => {
    const { states, transitions, violation } = explore(initialWorld(2, faults(3)), { faults: 3 })
    console.log(`two tabs, at most three faults: ${states} states, ${transitions} transitions`)
    expect(violation).toBeUndefined()
    expect(states).toBeGreaterThan(100_000)
  })
})

describe('the explorer finds a violation in the mutant without', () => {
  const expected: Record<Mutant, RegExp> = {
    fence: /^I[23]/,
    durableRetryId: /^I6/,
    randomEpoch: /^I3/,
    recheckRefusal: /^I5/,
    revokeSession: /^I8/,
    pendingRevocations: /^I8/,
    lastHint: /^I2/,
    boundedWait: /^L1/,
    retryIdHistory: /^I1/,
  }
  for (const mutant of mutants)
    it(mutant, () => {
      const { states, violation } = explore(initialWorld(2, faults(1)), { rules: without(mutant) })
      console.log(`without ${mutant}: ${states} states, then ${violation?.invariant}`)
      expect(violation?.invariant).toMatch(expected[mutant])
    })
})
