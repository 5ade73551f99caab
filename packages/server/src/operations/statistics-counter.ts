import { counters, type Counter, type Counts } from '../store/statistics.ts'
import type { Store } from '../store/store.ts'

/** What happened in this process, on its way to the statistics. */
export interface CountsSoFar {
  add(appId: string, counter: Counter): void
  /** Writes what was counted. */
  flush(): Promise<void>
}

/** How long a count may wait to be written. ms. */
const delay = 5000

export function createCounts(store: Store, now: () => number): CountsSoFar {
  let pending = new Map<string, Record<Counter, number>>()
  let timer: NodeJS.Timeout | undefined

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const written = pending
    pending = new Map()
    const at = now()
    await Promise.all(
      [...written].map(([appId, counts]) => store.statistics.add(appId, at, counts as Counts)),
    )
  }
  return {
    add(appId, counter) {
      let counts = pending.get(appId)
      if (!counts) {
        counts = Object.fromEntries(counters.map((name) => [name, 0])) as Record<Counter, number>
        pending.set(appId, counts)
      }
      counts[counter] += 1
      // Statistics are not worth an error: what can't be written now is not counted.
      timer ??= setTimeout(() => void flush().catch(() => undefined), delay).unref()
    },
    flush,
  }
}
