import { findViolation, findViolationAtRest } from '../src/model/invariants.ts'
import { allMoves, localMoves } from '../src/model/moves.ts'
import type { Rules } from '../src/model/mutants.ts'
import type { World } from '../src/model/world.ts'

// The explorer without its reductions: each move by itself, tabs and messages in their own order, counters with their
// values, and budgets as part of the state. Only random ids are renamed: otherwise each path to a state would lead to a
// different state.

const identity = (world: World): string => {
  const names = new Map<string, string>()
  return JSON.stringify({ ...world, nextId: 0 }).replace(/"[aem]\d+"/g, (id) => {
    if (!names.has(id)) names.set(id, `~${names.size}`)
    return names.get(id)!
  })
}

/** Returns all reachable worlds, or those before the first violation of an invariant. */
export function exploreUnreduced(
  first: World,
  rules: Rules,
): { readonly worlds: readonly World[]; readonly violation?: string } {
  const known = new Set([identity(first)])
  const worlds = [first]
  for (const world of worlds) {
    let isAtRest = true
    for (const move of allMoves(world, rules)) {
      isAtRest &&= !move.fair
      const reached = move.run()
      const violation = findViolation(reached, world)
      if (violation) return { worlds, violation }
      const id = identity(reached)
      if (known.has(id)) continue
      known.add(id)
      worlds.push(reached)
    }
    const violation = isAtRest ? findViolationAtRest(world) : undefined
    if (violation) return { worlds, violation }
  }
  return { worlds }
}

/**
 * Whether the explorer passes through this world inside one of its moves: a local move is possible, or a tab was frozen
 * before it could make one.
 */
export const isIntermediate = (world: World, rules: Rules): boolean =>
  !localMoves(world, rules).next().done ||
  world.tabs.some(({ step, awaits }) => step?.request && awaits === undefined)
