import { describe, expect, it } from 'vitest'
import { covers, pack } from './budget.ts'
import { explore } from './explore.ts'
import { keyOf } from './key.ts'
import { mutants, rules, without } from './mutants.ts'
import { exploreUnreduced, isIntermediate } from '../../test/unreduced.ts'
import { faults, initialWorld, type World } from './world.ts'

// The explorer visits far fewer states than there are. These tests show that it misses none. They explore small state
// spaces with and without the reductions, and find the same states and violations in the same mutants.

const noEvents = { ...faults(0), refresh: 0 }

const spaces: Record<string, World> = {
  'messages lost, late and duplicated, in three refreshes': initialWorld(2, {
    ...noEvents,
    refresh: 3,
    loss: 1,
    duplicate: 1,
    timeout: 1,
  }),
  'a frozen lock holder, a tab that bypasses the lock, a crash': initialWorld(2, {
    ...noEvents,
    refresh: 2,
    freeze: 1,
    bypass: 1,
    crash: 1,
  }),
  'a sign-out, a sign-in, cleared storage, an early timeout': initialWorld(2, {
    ...noEvents,
    refresh: 1,
    signOut: 1,
    signIn: 1,
    clear: 1,
    timeout: 1,
  }),
  'a page that is left while it signs out, a sign-in': initialWorld(2, {
    ...noEvents,
    refresh: 1,
    signOut: 1,
    crash: 1,
    signIn: 1,
  }),
  'a sign-in while a tab is frozen, and a lost message': initialWorld(2, {
    ...noEvents,
    refresh: 2,
    freeze: 1,
    signIn: 1,
    loss: 1,
  }),
  'three tabs, a crash, a tab that bypasses the lock': initialWorld(3, {
    ...noEvents,
    refresh: 2,
    crash: 1,
    bypass: 1,
  }),
  'a thief of a request, and a lost message': initialWorld(
    1,
    { ...noEvents, refresh: 2, loss: 1 },
    'request',
  ),
}

/** Returns the states that the explorer visits, each with the budgets left. */
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

describe('with its reductions, the explorer visits all reachable states', () => {
  for (const [title, first] of Object.entries(spaces))
    it(title, () => {
      const states = explored(first)
      const all = exploreUnreduced(first, rules)
      expect(all.violation).toBeUndefined()
      const worlds = all.worlds.filter((world) => !isIntermediate(world, rules))
      const isCovered = (world: World): boolean =>
        !!states.get(keyOf(world))?.some((budgets) => covers(budgets, pack(world.budgets)))
      expect(worlds.filter((world) => !isCovered(world))).toEqual([])
      expect(new Set(worlds.map(keyOf))).toEqual(new Set(states.keys()))
      console.log(`${title}: ${states.size} states represent ${all.worlds.length}`)
    })
})

describe('with its reductions, the explorer finds violations in the same mutants', () => {
  const killed = new Set<string>()
  for (const [title, first] of Object.entries(spaces))
    it(title, () => {
      for (const mutant of mutants) {
        const { violation } = explore(first, { rules: without(mutant) })
        const unreduced = exploreUnreduced(first, without(mutant)).violation
        expect([mutant, !!violation]).toEqual([mutant, !!unreduced])
        if (violation) killed.add(mutant)
      }
    })
  it('finds each mutant in at least one of these spaces', () =>
    expect([...killed].toSorted()).toEqual(mutants.toSorted()))
})
