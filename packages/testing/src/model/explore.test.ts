import { describe, expect, it } from 'vitest'
import { explore } from './explore.ts'
import { mutants, without, type Mutant } from './mutants.ts'
import { begin, faults } from './world.ts'

const minute = 60_000

// `pnpm explore` does the same with three tabs.
describe('two tabs, any number of refreshes, every order of events: no invariant broken', () => {
  it('by every fault, each once', { timeout: 10 * minute }, () => {
    const { states, transitions, violation } = explore(begin(2, faults(1)))
    console.log(`two tabs, every fault once: ${states} states, ${transitions} transitions`)
    expect(violation).toBeUndefined()
    expect(states).toBeGreaterThan(400_000)
  })
  it('by any three faults, also of one kind', { timeout: 10 * minute }, () => {
    const { states, transitions, violation } = explore(begin(2, faults(3)), { faults: 3 })
    console.log(`two tabs, any three faults: ${states} states, ${transitions} transitions`)
    expect(violation).toBeUndefined()
    expect(states).toBeGreaterThan(100_000)
  })
})

describe('the explorer can fail: it finds what goes wrong without', () => {
  const found: Record<Mutant, RegExp> = {
    fence: /^I[23]/,
    durableRetryId: /^I6/,
    randomEpoch: /^I3/,
    recheckRefusal: /^I5/,
    revokeSession: /^I8/,
    pendingRevocations: /^I8/,
    boundedWait: /^L1/,
    retryIdHistory: /^I1/,
  }
  for (const mutant of mutants)
    it(mutant, { timeout: minute }, () => {
      const { states, violation } = explore(begin(2, faults(1)), { rules: without(mutant) })
      console.log(`without ${mutant}: ${states} states to ${violation?.invariant}`)
      expect(violation?.invariant).toMatch(found[mutant])
    })
})
