import { broken, brokenAtRest } from '../src/model/invariants.ts'
import { moves, own } from '../src/model/moves.ts'
import type { Rules } from '../src/model/mutants.ts'
import type { World } from '../src/model/world.ts'

// The explorer without its reductions: every move by itself, every tab and message where it stands, every counter as
// it is, all budgets apart. Only random ids are renamed, for else every way to a state were a state of its own.

const identity = (world: World): string => {
  const names = new Map<string, string>()
  return JSON.stringify({ ...world, ids: 0 }).replace(/"[aem]\d+"/g, (id) => {
    if (!names.has(id)) names.set(id, `~${names.size}`)
    return names.get(id)!
  })
}

/** All worlds that can be reached; `violation` where one of them, or the way to it, breaks an invariant. */
export function exploreUnreduced(
  first: World,
  rules: Rules,
): { readonly worlds: readonly World[]; readonly violation?: string } {
  const known = new Set([identity(first)])
  const worlds = [first]
  for (const world of worlds) {
    let resting = true
    for (const move of moves(world, rules)) {
      resting &&= !move.progress
      const reached = move.run()
      const violation = broken(reached, world)
      if (violation) return { worlds, violation }
      const id = identity(reached)
      if (known.has(id)) continue
      known.add(id)
      worlds.push(reached)
    }
    const violation = resting ? brokenAtRest(world) : undefined
    if (violation) return { worlds, violation }
  }
  return { worlds }
}

/** True where something has begun that the explorer does at once: a tab is about to send or to write, or froze then. */
export const isBetween = (world: World, rules: Rules): boolean =>
  !own(world, rules).next().done ||
  world.tabs.some(({ step, awaits }) => step?.request && awaits === undefined)
