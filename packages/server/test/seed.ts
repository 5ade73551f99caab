/** The seed of this run's random choices. Set the environment variable `SEED` to repeat a run. */
export const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Prints the seed, so that a failed run can be repeated. Call it at the top of a test file that makes random choices. */
export function printSeed(): void {
  console.log(`random choices: repeat them with SEED=${seed}`)
}

/** Returns a generator of numbers from 0 (included) to 1 (excluded) like `Math.random` (mulberry32). Each `stream` of one run returns other numbers. */
export function seededRandom(stream = 0): () => number {
  let state = (seed + stream * 0x9e3779b9) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
