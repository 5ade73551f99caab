import { failed } from './failed.ts'

/** One of the things that are compared. `run(n)` does its work n times, and returns how many nanoseconds it took on average. */
export interface Contender {
  readonly name: string
  run(times: number): Promise<number>
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Returns the value that this share of the sorted values does not exceed. */
export const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)]!

/**
 * Measures the contenders in turns, round after round, so that other work of the machine affects all of them alike. Each
 * turn takes about `ms` milliseconds. Returns the median of each, or why it failed.
 */
export async function inRounds(
  contenders: readonly Contender[],
  rounds: number,
  ms: number,
  tell: (text: string) => void,
): Promise<ReadonlyMap<string, number | string>> {
  const outcomes = new Map<string, number[] | string>()
  const times = new Map<string, number>()
  for (const { name, run } of contenders) {
    tell(`${name}: warming up`)
    try {
      let n = 1
      // A second run is needed, because a first run can take long only because of its set-up.
      while (((await run(n)) * n) / 1e6 < ms / 2 || ((await run(n)) * n) / 1e6 < ms / 2) n *= 2
      times.set(name, n)
      outcomes.set(name, [])
    } catch (error) {
      outcomes.set(name, failed(error))
    }
  }
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`)
    for (const { name, run } of contenders) {
      const values = outcomes.get(name)!
      if (typeof values === 'string') continue
      await run(times.get(name)!).then(
        (ns) => values.push(ns),
        (error) => outcomes.set(name, failed(error)),
      )
    }
  }
  return new Map(
    [...outcomes].map(([name, outcome]) => [name, typeof outcome === 'string' ? outcome : median(outcome)]),
  )
}
