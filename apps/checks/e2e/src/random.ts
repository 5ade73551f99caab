import { createHash } from 'node:crypto'

/** Creates a generator of random numbers from 0 to 1. The same seed gives the same numbers. */
export const randomOf = (seed: number) => (): number => {
  const hash = createHash('sha256').update(`${seed++}`).digest()
  return hash.readUInt32BE() / 2 ** 32
}

/** Returns the seed in the variable `SEED`, or a new one. Prints it, so that a failing run can be repeated. */
export const chooseSeed = (): number => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`SEED=${seed}`)
  return seed
}
