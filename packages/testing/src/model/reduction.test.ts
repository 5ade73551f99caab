import { describe, expect, it } from 'vitest'
import { covers, pack } from './budget.ts'
import { explore } from './explore.ts'
import { key } from './key.ts'
import { mutants, rules, without } from './mutants.ts'
import { exploreUnreduced, isBetween } from '../../test/unreduced.ts'
import { begin, faults, type World } from './world.ts'

// The explorer looks at far fewer states than there are. That it misses none is shown in rooms small enough to be
// walked in full: the states are the same, and so is what is found without a step of the protocol.

const none = faults(0)

const rooms: Record<string, World> = {
  'messages lost, late and doubled, over three refreshes': begin(2, {
    ...none,
    start: 3,
    loss: 1,
    duplicate: 1,
    timeout: 1,
  }),
  'a frozen holder, a lock passed by, a crash': begin(2, {
    ...none,
    start: 2,
    freeze: 1,
    bypass: 1,
    crash: 1,
  }),
  'sign-out, sign-in, cleared storage, an early timeout': begin(2, {
    ...none,
    start: 1,
    signOut: 1,
    signIn: 1,
    clear: 1,
    timeout: 1,
  }),
  'a sign-in while a tab is frozen, and a loss': begin(2, {
    ...none,
    start: 2,
    freeze: 1,
    signIn: 1,
    loss: 1,
  }),
  'three tabs, a crash, a lock passed by': begin(3, { ...none, start: 2, crash: 1, bypass: 1 }),
}

/** The states that the explorer goes on from, each with the budgets left. */
function explored(first: World): Map<string, number[]> {
  const states = new Map<string, number[]>()
  const add = (state: string, budgets: number): boolean => {
    const known = states.get(state) ?? []
    if (known.some((each) => covers(each, budgets))) return false
    states.set(state, [...known, budgets])
    return true
  }
  expect(explore(first, { visited: { add } }).violation).toBeUndefined()
  return states
}

describe('the explorer reaches the states that can be reached', () => {
  for (const [title, first] of Object.entries(rooms))
    it(title, () => {
      const states = explored(first)
      const all = exploreUnreduced(first, rules)
      expect(all.violation).toBeUndefined()
      const settled = all.worlds.filter((world) => !isBetween(world, rules))
      const isCovered = (world: World): boolean =>
        !!states.get(key(world))?.some((budgets) => covers(budgets, pack(world.left)))
      expect(settled.filter((world) => !isCovered(world))).toEqual([])
      expect(new Set(settled.map(key))).toEqual(new Set(states.keys()))
      console.log(`${title}: ${states.size} states stand for ${all.worlds.length}`)
    })
})

describe('and finds a mutant in the rooms in which it can be found', () => {
  const killed = new Set<string>()
  for (const [title, first] of Object.entries(rooms))
    it(title, () => {
      for (const mutant of mutants) {
        const { violation } = explore(first, { rules: without(mutant) })
        const unreduced = exploreUnreduced(first, without(mutant)).violation
        expect([mutant, !!violation]).toEqual([mutant, !!unreduced])
        if (violation) killed.add(mutant)
      }
    })
  it('each in some room', () => expect([...killed].toSorted()).toEqual(mutants.toSorted()))
})
