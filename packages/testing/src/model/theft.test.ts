import { describe, expect, it } from 'vitest'
import { explore } from './explore.ts'
import { theftMutants } from './mutants.ts'
import { faults, initialWorld, loots, type Loot } from './world.ts'

// A thief takes his loot at any moment, and then sends three requests at any moments, with any retry id that he knows, a new
// one or none. `pnpm explore thief 1 2` does the same with two faults, and `pnpm explore thief` with two tabs.
describe('a thief is never served in turn with the owner or treated as the owner, and never signs the owner out unnoticed', () => {
  const modes = [
    { title: 'at most one fault', sendsLast: false },
    { title: 'at most one fault, and the owner names the last retry id too', sendsLast: true },
  ]
  for (const { title, sendsLast } of modes)
    it.each(loots)(`with a stolen %s: one tab, ${title}`, (loot) => {
      const first = initialWorld(1, faults(1), loot, sendsLast)
      const { states, violation } = explore(first, { faults: 1 })
      console.log(`a stolen ${loot}, ${title}: ${states} states`)
      expect(violation).toBeUndefined()
      expect(states).toBeGreaterThan(3000)
    })
})

describe('the explorer finds the thief who is not noticed in the mutant', () => {
  const expected = {
    grace: ['token', /^D[13]/],
    derivedIds: ['record', /^D1/],
    noDisplaced: ['request', /^D2/],
    lastOfToken: ['exchange', /^D3/],
    unnamedIsOurs: ['token', /^D1/],
  } as const satisfies Record<keyof typeof theftMutants, readonly [Loot, RegExp]>
  for (const [name, [loot, invariant]] of Object.entries(expected))
    it(name, () => {
      const rules = theftMutants[name as keyof typeof theftMutants]
      const { states, violation } = explore(initialWorld(1, faults(1), loot), { rules, faults: 1 })
      console.log(`${name}: a stolen ${loot}, ${states} states, then ${violation?.invariant}`)
      expect(violation?.invariant).toMatch(invariant)
    })
})
