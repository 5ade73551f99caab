import { random } from '../random.ts'
import { cover } from './coverage.ts'
import { broken, brokenAtRest } from './invariants.ts'
import { describe, type Move } from './move.ts'
import { moves } from './moves.ts'
import { rules as all, type Rules } from './mutants.ts'
import { begin, type Budgets } from './world.ts'

/** One walk: where it began, and which of the possible moves was taken at each step. Replays by itself. */
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

/** Faults in swarms: each walk has only some kinds, and more of those. */
function swarm(draw: () => number): Budgets {
  const some = (most: number): number => (draw() < 0.5 ? 0 : Math.ceil(draw() * most))
  return {
    start: 2 + Math.floor(draw() * 9),
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
 * Takes one walk. `choose` names the move by its number; undefined ends the walk. At the end everything that goes
 * on by itself does, and then what must hold at rest is looked at.
 */
function take(
  walk: Omit<Walk, 'choices'>,
  choose: (possible: readonly Move[]) => number | undefined,
  rules: Rules,
  coverage?: Set<string>,
): { readonly invariant?: string; readonly choices: number[]; readonly trace: string[] } {
  let world = begin(walk.tabs, walk.budgets)
  const choices: number[] = []
  const trace: string[] = []
  for (let resting = false; ;) {
    const possible = [...moves(world, rules)]
    let choice: number | undefined = resting ? undefined : choose(possible)
    resting ||= choice === undefined
    choice ??= possible.findIndex(({ progress }) => progress)
    const move: Move | undefined = possible[choice]
    if (!move) {
      const invariant = brokenAtRest(world)
      return invariant ? { invariant, choices, trace } : { choices, trace }
    }
    if (!resting) choices.push(choice)
    trace.push(describe(move))
    const next = move.run()
    const invariant = broken(next, world)
    if (invariant) return { invariant, choices, trace }
    world = next
    if (coverage) cover(coverage, world)
  }
}

/** Walks at random under a seed. Returns what was found, shrunk to the shortest walk that still finds it. */
export function simulate(
  seed: number,
  {
    tabs = 3,
    rules = all,
    steps = 120,
    coverage,
  }: { tabs?: number; rules?: Rules; steps?: number; coverage?: Set<string> } = {},
): Violation | undefined {
  const draw = random(seed)
  const start = { tabs, budgets: swarm(draw) }
  // Of every length: what a walk leaves half done is then finished by itself, or is not.
  let left = Math.ceil(draw() * steps)
  const { invariant, choices } = take(
    start,
    (possible) => (left-- > 0 && possible.length ? Math.floor(draw() * possible.length) : undefined),
    rules,
    coverage,
  )
  return invariant ? shrink({ ...start, choices }, rules) : undefined
}

/** Takes a walk again. */
export function replay({ choices, ...start }: Walk, rules: Rules = all): Violation | undefined {
  let at = 0
  const { invariant, trace } = take(
    start,
    (possible) => (at < choices.length ? choices[at++]! % Math.max(possible.length, 1) : undefined),
    rules,
  )
  return invariant ? { invariant, walk: { ...start, choices }, trace } : undefined
}

/** Leaves out choices, ever smaller pieces of them, as long as something is still found. */
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
