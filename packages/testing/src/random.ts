/**
 * Returns a generator of numbers from 0 to 1 (xorshift32). It is small and fast, and a seed gives the same numbers on
 * every machine.
 *
 * @example
 * ```ts
 * import { random } from '@tokenkeep/testing/random'
 *
 * const next = random(7)
 * console.log(next(), next())
 * ```
 */
export function random(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
