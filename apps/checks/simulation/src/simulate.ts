import { random } from '@tokenkeep/testing/random'
import type { Server } from './server.ts'
import { perform, type Mutation, type Violation } from './walk.ts'

/** Performs the walk of a seed. Returns the violation that it finds, after leaving out steps that it does not need. */
export async function simulate(
  seed: number,
  server: Server,
  mutation?: Mutation,
): Promise<Violation | undefined> {
  const next = random(seed)
  const steps = Array.from({ length: Math.ceil(next() * 150) }, () => Math.floor(next() * 2 ** 31))
  let best = await perform({ seed, steps }, server, mutation)
  for (let size = steps.length >> 1; best && size >= 1; size >>= 1)
    for (let at = 0; at < best.walk.steps.length;) {
      const found: Violation | undefined = await perform(
        { seed, steps: best.walk.steps.toSpliced(at, size) },
        server,
        mutation,
      )
      if (found) best = found
      else at += size
    }
  return best
}
