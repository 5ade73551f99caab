import { describe, expect, it } from 'vitest'
import { explore } from './explore.ts'
import { mutants, rules, without, type Mutant } from './mutants.ts'
import { begin, type Budgets } from './world.ts'

const once: Budgets = {
  start: 2,
  retry: 1,
  crash: 1,
  loss: 1,
  duplicate: 1,
  timeout: 1,
  freeze: 1,
  bypass: 1,
  signOut: 1,
  signIn: 1,
  clear: 1,
}
const minutes = 60_000

// All at once with one refresh; and with two and three refreshes, sets of faults in which each meets each other one.
// `pnpm explore` takes them all at once with as many refreshes, tabs and retries as there is time for.
describe('two tabs, every order of events, no invariant broken', () => {
  const rounds: [string, Partial<Budgets>][] = [
    ['every fault', { start: 1 }],
    [
      'lost, late and doubled messages, crashes, a lock passed by, a sign-out',
      { freeze: 0, clear: 0, signIn: 0 },
    ],
    [
      'a frozen holder, cleared storage, sign-out and sign-in, a crash',
      { duplicate: 0, timeout: 0, loss: 0 },
    ],
    [
      'three refreshes with lost, late and doubled messages, a sign-out',
      { start: 3, crash: 0, freeze: 0, bypass: 0, signIn: 0, clear: 0 },
    ],
    ['cleared storage with messages on their way, sign-out', { freeze: 0, crash: 0, signIn: 0 }],
  ]
  for (const [title, budgets] of rounds)
    it(title, { timeout: 5 * minutes }, () => {
      const { states, transitions, violation } = explore(begin(2, { ...once, ...budgets }))
      console.log(`${title}: ${states} states, ${transitions} transitions`)
      expect(violation).toBeUndefined()
      expect(states).toBeGreaterThan(50_000)
    })
})

describe('the checker can fail: it finds what goes wrong without', () => {
  const found: Record<Mutant, RegExp> = {
    fence: /^I[23]/,
    durableAttempt: /^I7/,
    randomEpoch: /^I3/,
    recheckRefusal: /^I5/,
    revokeSession: /^I8/,
    outbox: /^I8/,
    boundedWait: /^L1/,
    attemptHistory: /^I1/,
  }
  // Three refreshes on one way, and a doubled request: deep, so everything else stays out of it.
  const late: Budgets = {
    ...once,
    start: 3,
    crash: 0,
    loss: 0,
    freeze: 0,
    bypass: 0,
    signOut: 0,
    signIn: 0,
    clear: 0,
  }
  for (const mutant of mutants)
    it(mutant, { timeout: minutes }, () => {
      const { violation } = explore(
        begin(2, mutant === 'attemptHistory' ? late : once),
        without(mutant),
        200_000,
      )
      expect(violation?.invariant).toMatch(found[mutant])
    })
  it('and nothing in the same room with all rules', { timeout: minutes }, () => {
    expect(explore(begin(2, late), rules).violation).toBeUndefined()
  })
})
