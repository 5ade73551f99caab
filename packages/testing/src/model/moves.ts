import type { Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { networkMoves, strayMessageMoves } from './network-moves.ts'
import { localTabMoves, tabMoves } from './tab-moves.ts'
import { userMoves } from './user-moves.ts'
import type { World } from './world.ts'

/**
 * The local moves: a tab sends the request that it has just read the record for, writes the answer that it has just
 * received, or learns that its message is lost; and a message that can change nothing more disappears. Nothing else can
 * see, prevent or enable them.
 *
 * The explorer takes them at once (partial-order reduction). That loses no behaviour, because every other order has an
 * equivalent one in which they come at once:
 * - If a tab reads and sends later, it could have sent at once, with a slower message. If it crashes in between, it could
 *   have crashed before reading, because reading changes nothing.
 * - If a tab receives an answer or gives up, and writes later, it could have received or given up later.
 */
export function* localMoves(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* localTabMoves(world, index, rules)
  yield* strayMessageMoves(world, rules)
}

/** All other moves. */
export function* globalMoves(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* tabMoves(world, index, rules)
  yield* networkMoves(world, rules)
  yield* userMoves(world, rules)
}

/** Everything that can happen next. */
export function* allMoves(world: World, rules: Rules): Generator<Move> {
  yield* localMoves(world, rules)
  yield* globalMoves(world, rules)
}
