import { pack, total } from './budget.ts'
import { broken, brokenAtRest } from './invariants.ts'
import { key } from './key.ts'
import { describe, type Move } from './move.ts'
import { own, shared } from './moves.ts'
import { rules as all, type Rules } from './mutants.ts'
import { Visited } from './visited.ts'
import type { World } from './world.ts'

// Every state that can be reached, with the most faults left first and then breadth first: so what is found takes the
// fewest faults, and a state met with more left need not be looked at with less, for it could do all the same.

export interface Exploration {
  readonly states: number
  readonly transitions: number
  /** A shortest way to a broken invariant, with the fewest faults. */
  readonly violation?: { readonly invariant: string; readonly trace: readonly string[] }
}

/** Which of the possible moves were taken, the last one first. */
interface Path {
  readonly choice: number
  readonly before: Path | undefined
}

interface Node {
  readonly world: World
  readonly path: Path | undefined
}

/** A move, and then at once what nobody else can see, hinder or hasten: in whatever order, it comes to the same. */
function take(
  move: Move,
  before: World,
  rules: Rules,
  told?: string[],
): { world: World; invariant?: string } {
  let next: Move | undefined = move
  let world = before
  while (next) {
    told?.push(describe(next))
    const reached: World = next.run()
    const invariant = broken(reached, world)
    if (invariant) return { world: reached, invariant }
    world = reached
    next = own(world, rules).next().value as Move | undefined
  }
  return { world }
}

function trace(first: World, path: Path | undefined, rules: Rules): string[] {
  const choices: number[] = []
  for (let at = path; at; at = at.before) choices.unshift(at.choice)
  const told: string[] = []
  let world = first
  for (const choice of choices) world = take([...shared(world, rules)][choice]!, world, rules, told).world
  return told
}

export interface Exploring {
  readonly rules?: Rules
  /** How many faults there may be in one run; else as many as there are budgets for. */
  readonly faults?: number
  readonly visited?: Pick<Visited, 'add'>
}

export function explore(
  first: World,
  { rules = all, faults = Infinity, visited = new Visited() }: Exploring = {},
): Exploration {
  visited.add(key(first), pack(first.left))
  /** By how many faults are left. */
  const waiting: Node[][] = Array.from({ length: total(first.left) + 1 }, () => [])
  waiting.at(-1)!.push({ world: first, path: undefined })
  let states = 0
  let transitions = 0
  const found = (invariant: string, path: Path | undefined): Exploration => ({
    states,
    transitions,
    violation: { invariant, trace: trace(first, path, rules) },
  })
  const fewest = Math.max(0, total(first.left) - faults)
  for (let left = waiting.length - 1; left >= fewest; left--) {
    let level = waiting.pop()!
    while (level.length) {
      const next: Node[] = []
      for (const { world, path } of level) {
        states += 1
        let resting = true
        let choice = 0
        for (const move of shared(world, rules)) {
          transitions += 1
          resting &&= !move.progress
          const reached = take(move, world, rules)
          const way = { choice: choice++, before: path }
          if (reached.invariant) return found(reached.invariant, way)
          const { left: budgets } = reached.world
          const after = total(budgets)
          if (after < fewest || !visited.add(key(reached.world), pack(budgets))) continue
          const where = after === left ? next : waiting[after]!
          where.push({ world: reached.world, path: way })
        }
        const invariant = resting ? brokenAtRest(world) : undefined
        if (invariant) return found(invariant, path)
      }
      level = next
    }
  }
  return { states, transitions }
}
