import type { ReplayStore } from './proof-options.ts'

/** A hundred thousand proofs take about 15 MB. If there are more in one window, the older half is forgotten. */
const MAX_PROOFS = 100_000

/** Remembers each proof for at least `seconds`, unless there are too many. `elapsed`: milliseconds on a clock that only runs forward. */
export function createUsedProofs(elapsed: () => number): ReplayStore {
  let current = new Set<string>()
  let previous = new Set<string>()
  let startedAt = 0
  return {
    once(key, seconds) {
      if (elapsed() - startedAt >= seconds * 1000 || current.size >= MAX_PROOFS) {
        previous = current
        current = new Set()
        startedAt = elapsed()
      }
      if (current.has(key) || previous.has(key)) return false
      current.add(key)
      return true
    },
  }
}
