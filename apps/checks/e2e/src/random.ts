import { createHash } from 'node:crypto'

/** A random generator. Numbers are from 0 to 1, and the same seed gives the same numbers. */
export const randomOf = (seed: number) => (): number => {
  const hash = createHash('sha256').update(`${seed++}`).digest()
  return hash.readUInt32BE() / 2 ** 32
}

/** The seed that `SEED` names, or a new one. Prints it, so that a failing run can be repeated. */
export const chooseSeed = (): number => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`SEED=${seed}`)
  return seed
}
