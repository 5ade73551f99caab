const HOUR_MS = 3_600_000
/** The keys take about 1 MB. If there are more, the oldest is forgotten. */
const MAX_KEYS = 10_000

/** Lets one event of each key through per hour, in one process. `now`: milliseconds since the epoch. */
export function createOnceAnHour(): (key: string, now: number) => boolean {
  const lastAt = new Map<string, number>()
  return (key, now) => {
    if (Math.abs(now - (lastAt.get(key) ?? -Infinity)) < HOUR_MS) return false
    lastAt.delete(key)
    if (lastAt.size >= MAX_KEYS) lastAt.delete(lastAt.keys().next().value!)
    lastAt.set(key, now)
    return true
  }
}
