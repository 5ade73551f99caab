import { random } from '@tokenkeep/testing/random'
import type { Server } from './server.ts'
import { take, type Mutation, type Violation } from './walk.ts'

/** Takes the walk of a seed. Returns the violation, with as few steps as still cause it. */
export async function simulate(
  seed: number,
  server: Server,
  mutate?: Mutation,
): Promise<Violation | undefined> {
  const draw = random(seed)
  const steps = Array.from({ length: Math.ceil(draw() * 150) }, () => Math.floor(draw() * 2 ** 31))
  let best = await take({ seed, steps }, server, mutate)
  for (let size = steps.length >> 1; best && size >= 1; size >>= 1)
    for (let at = 0; at < best.walk.steps.length;) {
      const found: Violation | undefined = await take(
        { seed, steps: best.walk.steps.toSpliced(at, size) },
        server,
        mutate,
      )
      if (found) best = found
      else at += size
    }
  return best
}
