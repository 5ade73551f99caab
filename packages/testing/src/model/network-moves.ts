import { spend, type Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { isSpent, serve } from './server.ts'
import type { Message, World } from './world.ts'

/** A message that will change nothing any more: nobody waits for the answer, and the server has seen the request. */
export function* idleMessages(world: World, rules: Rules): Generator<Move> {
  const { net, tabs, server } = world
  for (const of of net)
    if ((of.answer || isSpent(server, of, rules)) && !tabs.some(({ awaits }) => awaits === of.id))
      yield { of, what: 'finds nobody', progress: true, run: () => without(world, of) }
}

const without = (world: World, message: Message, ...more: Message[]): World => ({
  ...world,
  net: [...world.net.filter((each) => each !== message), ...more],
})

/** Messages arrive in any order, twice, or not at all. */
export function* networkMoves(world: World, rules: Rules): Generator<Move> {
  for (const of of world.net) {
    if (!of.answer) {
      const arrive = (...more: Message[]): World => {
        const [server, answer] = serve(world.server, of, rules)
        return { ...without(world, of, { ...of, answer }, ...more), server }
      }
      yield { of, what: 'arrives', progress: true, run: () => arrive() }
      if (world.left.duplicate > 0) {
        const copy: Message = { ...of, id: `m${world.ids}`, late: true }
        const run = () => spend({ ...arrive(copy), ids: world.ids + 1 }, 'duplicate')
        yield { of, what: 'arrives, and will again', progress: false, run }
      }
    }
    if (world.left.loss > 0)
      yield { of, what: 'is lost', progress: false, run: () => spend(without(world, of), 'loss') }
  }
}
