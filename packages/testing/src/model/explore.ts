import { pack, total } from './budget.ts'
import { findViolation, findViolationAtRest } from './invariants.ts'
import { keyOf } from './key.ts'
import { describe, type Move } from './move.ts'
import { globalMoves, localMoves } from './moves.ts'
import { rules as allRules, type Rules } from './mutants.ts'
import { Visited } from './visited.ts'
import type { World } from './world.ts'

// An explicit-state model checker: it visits every reachable state. States with more fault budget left come first, and
// among those it searches breadth first. So a violation is found with the fewest faults. A state that was visited with
// larger budgets is not visited again with smaller ones, because its behaviours are a subset.

export interface Exploration {
  readonly states: number
  readonly transitions: number
  /** A violated invariant, with a shortest trace that has the fewest faults. */
  readonly violation?: { readonly invariant: string; readonly trace: readonly string[] }
}

/** The indices of the chosen moves, the last one first. */
interface Path {
  readonly choice: number
  readonly before: Path | undefined
}

interface Node {
  readonly world: World
  readonly path: Path | undefined
}

/** Applies a move, and then all local moves. The order of local moves does not matter; see `localMoves`. */
function apply(
  move: Move,
  before: World,
  rules: Rules,
  trace?: string[],
): { world: World; invariant?: string } {
  let next: Move | undefined = move
  let world = before
  while (next) {
    trace?.push(describe(next))
    const reached: World = next.run()
    const invariant = findViolation(reached, world)
    if (invariant) return { world: reached, invariant }
    world = reached
    next = localMoves(world, rules).next().value as Move | undefined
  }
  return { world }
}

function traceOf(first: World, path: Path | undefined, rules: Rules): string[] {
  const choices: number[] = []
  for (let at = path; at; at = at.before) choices.unshift(at.choice)
  const trace: string[] = []
  let world = first
  for (const choice of choices)
    world = apply([...globalMoves(world, rules)][choice]!, world, rules, trace).world
  return trace
}

export interface ExploreOptions {
  readonly rules?: Rules
  /** The most faults in one run. Default: as many as the budgets allow. */
  readonly faults?: number
  readonly visited?: Pick<Visited, 'add'>
}

export function explore(
  first: World,
  { rules = allRules, faults = Infinity, visited = new Visited() }: ExploreOptions = {},
): Exploration {
  visited.add(keyOf(first), pack(first.budgets))
  /** The nodes still to visit, by how many faults are left. */
  const queues: Node[][] = Array.from({ length: total(first.budgets) + 1 }, () => [])
  queues.at(-1)!.push({ world: first, path: undefined })
  let states = 0
  let transitions = 0
  const violated = (invariant: string, path: Path | undefined): Exploration => ({
    states,
    transitions,
    violation: { invariant, trace: traceOf(first, path, rules) },
  })
  const fewest = Math.max(0, total(first.budgets) - faults)
  for (let faultsLeft = queues.length - 1; faultsLeft >= fewest; faultsLeft--) {
    let level = queues.pop()!
    while (level.length) {
      const next: Node[] = []
      for (const { world, path } of level) {
        states += 1
        let isAtRest = true
        let choice = 0
        for (const move of globalMoves(world, rules)) {
          transitions += 1
          isAtRest &&= !move.fair
          const reached = apply(move, world, rules)
          const reachedPath = { choice: choice++, before: path }
          if (reached.invariant) return violated(reached.invariant, reachedPath)
          const { budgets } = reached.world
          const left = total(budgets)
          if (left < fewest || !visited.add(keyOf(reached.world), pack(budgets))) continue
          const queue = left === faultsLeft ? next : queues[left]!
          queue.push({ world: reached.world, path: reachedPath })
        }
        const invariant = isAtRest ? findViolationAtRest(world) : undefined
        if (invariant) return violated(invariant, path)
      }
      level = next
    }
  }
  return { states, transitions }
}
