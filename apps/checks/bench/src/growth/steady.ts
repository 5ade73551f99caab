import { setTimeout as sleep } from 'node:timers/promises'
import { connection, type Connection } from '../../../../../packages/server/load/client.ts'
import type { Refreshes } from '../server/load.ts'

const connections = 32

/**
 * Sends refreshes at a fixed rate as long as `goesOn` returns true. Each is measured from the time at which it is due, even
 * if earlier ones are late. So a server that stalls for a second delays all refreshes of that second. Returns
 * the latencies in milliseconds, sorted.
 */
export async function steady(
  port: number,
  { ask }: Refreshes,
  tokens: string[],
  perSecond: number,
  goesOn: () => boolean,
): Promise<number[]> {
  const all = Array.from({ length: connections }, () => connection(port))
  const idle = [...all]
  const waiting: ((to: Connection) => void)[] = []
  const latencies: number[] = []
  const failures: unknown[] = []
  const refresh = async (at: number, place: number): Promise<void> => {
    const to = idle.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)))
    try {
      tokens[place] = await ask(to, tokens[place]!)
      latencies.push(performance.now() - at)
    } catch (error) {
      failures.push(error)
    }
    const next = waiting.shift()
    if (next) next(to)
    else idle.push(to)
  }
  const since = performance.now()
  const begun: Promise<void>[] = []
  while (goesOn() && failures.length === 0) {
    const now = performance.now()
    while (begun.length < ((now - since) * perSecond) / 1000)
      begun.push(refresh(now, begun.length % tokens.length))
    await sleep(1)
  }
  await Promise.all(begun)
  for (const each of all) each.close()
  if (failures.length > 0) throw failures[0]
  return latencies.toSorted((a, b) => a - b)
}
