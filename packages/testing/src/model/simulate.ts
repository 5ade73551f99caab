import { random } from '../random.ts'
import { addCoverage } from './coverage.ts'
import { findViolation, findViolationAtRest } from './invariants.ts'
import { describe, type Move } from './move.ts'
import { allMoves } from './moves.ts'
import { rules as allRules, type Rules } from './mutants.ts'
import { initialWorld, type Budgets } from './world.ts'

/** A random walk: its initial world, and the index of the move chosen at each step. It can be replayed. */
export interface Walk {
  readonly tabs: number
  readonly budgets: Budgets
  readonly choices: readonly number[]
}

export interface Violation {
  readonly invariant: string
  readonly walk: Walk
  readonly trace: readonly string[]
}

/** Budgets for swarm testing: each walk has only some kinds of faults, but more of those. */
function swarm(next: () => number): Budgets {
  const some = (most: number): number => (next() < 0.5 ? 0 : Math.ceil(next() * most))
  return {
    refresh: 2 + Math.floor(next() * 9),
    crash: some(3),
    loss: some(4),
    duplicate: some(3),
    timeout: some(3),
    freeze: some(2),
    bypass: some(3),
    signOut: some(1),
    signIn: some(2),
    clear: some(1),
  }
}

/**
 * Performs a walk. `choose` returns the index of the next move; undefined ends the walk. Then all fair moves happen, and
 * the invariants at rest are checked.
 */
function perform(
  walk: Omit<Walk, 'choices'>,
  choose: (possible: readonly Move[]) => number | undefined,
  rules: Rules,
  coverage?: Set<string>,
): { readonly invariant?: string; readonly choices: number[]; readonly trace: string[] } {
  let world = initialWorld(walk.tabs, walk.budgets)
  const choices: number[] = []
  const trace: string[] = []
  for (let hasEnded = false; ;) {
    const possible = [...allMoves(world, rules)]
    let choice: number | undefined = hasEnded ? undefined : choose(possible)
    hasEnded ||= choice === undefined
    choice ??= possible.findIndex(({ fair }) => fair)
    const move: Move | undefined = possible[choice]
    if (!move) {
      const invariant = findViolationAtRest(world)
      return invariant ? { invariant, choices, trace } : { choices, trace }
    }
    if (!hasEnded) choices.push(choice)
    trace.push(describe(move))
    const next = move.run()
    const invariant = findViolation(next, world)
    if (invariant) return { invariant, choices, trace }
    world = next
    if (coverage) addCoverage(coverage, world)
  }
}

/** Performs the random walk of a seed. Returns the violation that it finds, after shrinking the walk. */
export function simulate(
  seed: number,
  {
    tabs = 3,
    rules = allRules,
    steps = 120,
    coverage,
  }: { tabs?: number; rules?: Rules; steps?: number; coverage?: Set<string> } = {},
): Violation | undefined {
  const next = random(seed)
  const start = { tabs, budgets: swarm(next) }
  // A random length, so that refreshes are also cut short. The fair moves then finish them, or show that they cannot.
  let stepsLeft = Math.ceil(next() * steps)
  const { invariant, choices } = perform(
    start,
    (possible) => (stepsLeft-- > 0 && possible.length ? Math.floor(next() * possible.length) : undefined),
    rules,
    coverage,
  )
  return invariant ? shrink({ ...start, choices }, rules) : undefined
}

/** Performs a walk again. */
export function replay({ choices, ...start }: Walk, rules: Rules = allRules): Violation | undefined {
  let at = 0
  const { invariant, trace } = perform(
    start,
    (possible) => (at < choices.length ? choices[at++]! % Math.max(possible.length, 1) : undefined),
    rules,
  )
  return invariant ? { invariant, walk: { ...start, choices }, trace } : undefined
}

/** Leaves out ever smaller pieces of a walk, as long as it still finds a violation (delta debugging). */
function shrink(walk: Walk, rules: Rules): Violation {
  let best = replay(walk, rules)!
  for (let size = Math.ceil(walk.choices.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < best.walk.choices.length;) {
      const choices = best.walk.choices.toSpliced(at, size)
      const found = replay({ ...walk, choices }, rules)
      if (found && found.walk.choices.length < best.walk.choices.length) best = found
      else at += size
    }
  return best
}
