import type { Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { networkMoves, strayMessageMoves } from './network-moves.ts'
import { localTabMoves, tabMoves } from './tab-moves.ts'
import { isOver, thiefMoves } from './thief-moves.ts'
import { userMoves } from './user-moves.ts'
import type { World } from './world.ts'

/**
 * The local moves: a tab that has just read the record sends its request; a tab that has just received an answer writes
 * it; a tab learns that its message is lost; a message that can change nothing more disappears. No other move can
 * observe, prevent or enable them.
 *
 * The explorer performs them at once (partial-order reduction). That loses no behaviour, because every other order has an
 * equivalent one in which they come at once:
 * - If a tab reads, and sends later, it could have sent at once, and the message could have been slower. If it crashes
 *   in between, it could have crashed before reading, because reading changes nothing.
 * - If a tab receives an answer or gives up, and writes later, it could have received or given up later.
 */
export function* localMoves(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* localTabMoves(world, index, rules)
  yield* strayMessageMoves(world, rules)
}

/** All other moves. Once a theft is over, there are no more moves. */
export function* globalMoves(world: World, rules: Rules): Generator<Move> {
  if (isOver(world)) return
  for (const index of world.tabs.keys()) yield* tabMoves(world, index, rules)
  yield* networkMoves(world, rules)
  yield* userMoves(world, rules)
  yield* thiefMoves(world, rules)
}

/** Everything that can happen next. */
export function* allMoves(world: World, rules: Rules): Generator<Move> {
  yield* localMoves(world, rules)
  yield* globalMoves(world, rules)
}
