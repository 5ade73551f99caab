import type { Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { idleMessages, networkMoves } from './network-moves.ts'
import { personMoves } from './person-moves.ts'
import { ownMoves, tabMoves } from './tab-moves.ts'
import type { World } from './world.ts'

/**
 * Moves that nobody else can see, hinder or hasten: a tab sends what it has just read for, writes what it has just
 * heard, or learns that its message is lost; a message that can change nothing any more is gone. The explorer takes them
 * at once, for every order of events has a twin in which they come at once and which looks the same to all others:
 * - Whoever reads and sends later could have sent at once, and the message have been slow. Whoever crashes in between
 *   could have crashed before reading, for reading changes nothing.
 * - Whoever hears, or gives up, and writes later could have heard or given up later.
 */
export function* own(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* ownMoves(world, index, rules)
  yield* idleMessages(world, rules)
}

/** All others. */
export function* shared(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* tabMoves(world, index, rules)
  yield* networkMoves(world, rules)
  yield* personMoves(world, rules)
}

/** Everything that can happen next. */
export function* moves(world: World, rules: Rules): Generator<Move> {
  yield* own(world, rules)
  yield* shared(world, rules)
}
