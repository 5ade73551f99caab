import { hash } from 'node:crypto'
import { broken, brokenAtRest } from './invariants.ts'
import { moves } from './moves.ts'
import { rules as all, type Rules } from './mutants.ts'
import type { World } from './world.ts'

export interface Exploration {
  readonly states: number
  readonly transitions: number
  /** The shortest way to a broken invariant. */
  readonly violation?: { readonly invariant: string; readonly trace: readonly string[] }
}

/**
 * A state's identity, hashed. Random ids are renamed in the order they appear, for only their sameness matters, and
 * tabs are put in an order, for one is as good as the other.
 */
function identity({ tabs, holder, ids: _ids, ...rest }: World): string {
  const inOrder = tabs
    .map((tab, index) => JSON.stringify({ ...tab, holds: index === holder }))
    .map((text) => ({ text, shape: text.replace(id, '') }))
    .toSorted((one, other) => (one.shape < other.shape ? -1 : 1))
    .map(({ text }) => text)
  const names = new Map<string, string>()
  const renamed = (inOrder.join() + JSON.stringify(rest)).replace(id, (found) => {
    let name = names.get(found)
    if (!name) names.set(found, (name = `"~${names.size}"`))
    return name
  })
  return hash('sha1', renamed, 'base64')
}

const id = /"[aem]\d+"/g

interface Node {
  readonly world: World
  readonly from: Node | undefined
  readonly move: string
}

const trace = (node: Node): string[] => (node.from ? [...trace(node.from), node.move] : [])

/** Walks every state that can be reached, breadth first. `limit`: gives up beyond that many states. */
export function explore(first: World, rules: Rules = all, limit = Infinity): Exploration {
  const known = new Set([identity(first)])
  let level: Node[] = [{ world: first, from: undefined, move: '' }]
  let transitions = 0
  while (level.length) {
    const next: Node[] = []
    for (const node of level) {
      let resting = true
      for (const move of moves(node.world, rules)) {
        resting &&= !move.progress
        transitions += 1
        const world = move.run()
        const reached: Node = { world, from: node, move: move.name }
        const invariant = broken(world, node.world)
        if (invariant)
          return { states: known.size, transitions, violation: { invariant, trace: trace(reached) } }
        const id = identity(world)
        if (known.has(id)) continue
        known.add(id)
        if (known.size > limit) throw new Error(`more than ${limit} states`)
        next.push(reached)
      }
      const invariant = resting ? brokenAtRest(node.world) : undefined
      if (invariant) return { states: known.size, transitions, violation: { invariant, trace: trace(node) } }
    }
    level = next
  }
  return { states: known.size, transitions }
}
