/** One of the things that are compared: `run(n)` does it n times, and says how many nanoseconds one took. */
export interface Contender {
  readonly name: string
  run(times: number): Promise<number>
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Measures all in turns, round after round, so that whatever else the machine does falls on everyone alike. Each turn lasts
 * about `ms`. Returns each one's median.
 */
export async function inRounds(
  contenders: readonly Contender[],
  rounds: number,
  ms: number,
  tell: (text: string) => void,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>()
  for (const { name, run } of contenders) {
    tell(`${name}: warming up`)
    let n = 1
    // The second condition: what a first run needs besides the work itself can look like work.
    while (((await run(n)) * n) / 1e6 < ms / 2 || ((await run(n)) * n) / 1e6 < ms / 2) n *= 2
    times.set(name, n)
  }
  const measured = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`)
    for (const { name, run } of contenders) measured.get(name)!.push(await run(times.get(name)!))
  }
  return new Map([...measured].map(([name, values]) => [name, median(values)]))
}
