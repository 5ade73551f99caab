import { spend, type Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { canChangeNothing, handleRefresh } from './server.ts'
import { afterOwner } from './thief-moves.ts'
import type { Message, World } from './world.ts'

/** A message disappears if it can change nothing more: no tab waits for it, and its request changes nothing at the server. */
export function* strayMessageMoves(world: World, rules: Rules): Generator<Move> {
  const { network, tabs, server } = world
  for (const message of network)
    if (
      (message.answer || canChangeNothing(server, message, rules)) &&
      !tabs.some(({ awaits }) => awaits === message.id)
    )
      yield { subject: message, label: 'disappears', fair: true, run: () => replace(world, message) }
}

const replace = (world: World, message: Message, ...by: Message[]): World => ({
  ...world,
  network: [...world.network.filter((each) => each !== message), ...by],
})

/** Messages arrive in any order, twice, or not at all. */
export function* networkMoves(world: World, rules: Rules): Generator<Move> {
  for (const message of world.network) {
    if (!message.answer) {
      const arrive = (...copies: Message[]): World => {
        const [server, answer] = handleRefresh(world.server, message, rules)
        const thief = afterOwner(world, message, answer.issued?.refreshToken)
        return { ...replace(world, message, { ...message, answer }, ...copies), server, thief }
      }
      yield { subject: message, label: 'arrives', fair: true, run: () => arrive() }
      if (world.budgets.duplicate > 0) {
        const copy: Message = { ...message, id: `m${world.nextId}`, isCopy: true }
        const run = () => spend({ ...arrive(copy), nextId: world.nextId + 1 }, 'duplicate')
        yield { subject: message, label: 'arrives, and a copy will arrive later', fair: false, run }
      }
    }
    if (world.budgets.loss > 0) {
      const run = () => spend(replace(world, message), 'loss')
      yield { subject: message, label: 'is lost', fair: false, run }
    }
  }
}
