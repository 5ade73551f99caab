import { COUNTERS, type Counter, type Counts } from '../store/statistics.ts'
import type { Store } from '../store/store.ts'

/** Counts events in the memory of this process, until they are added to the statistics in the store. */
export interface StatisticsCounter {
  add(appId: string, counter: Counter): void
  /** Writes the counts to the store. */
  flush(): Promise<void>
}

const WRITE_DELAY_MS = 5000

export function createStatisticsCounter(store: Store, now: () => number): StatisticsCounter {
  let pending = new Map<string, Record<Counter, number>>()
  let timer: NodeJS.Timeout | undefined

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const counted = pending
    pending = new Map()
    const at = now()
    await Promise.all(
      [...counted].map(([appId, counts]) => store.statistics.add(appId, at, counts as Counts)),
    )
  }
  return {
    add(appId, counter) {
      let counts = pending.get(appId)
      if (!counts) {
        counts = Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Record<Counter, number>
        pending.set(appId, counts)
      }
      counts[counter] += 1
      // Counts that cannot be written are dropped: statistics must not fail a request.
      timer ??= setTimeout(() => void flush().catch(() => undefined), WRITE_DELAY_MS).unref()
    },
    flush,
  }
}
