import type { Store } from '../store/store.ts'

/** A server is ready if its store answers within two seconds. */
const PROBE_TIMEOUT_MS = 2000
/** How long an answer is used again. Anyone can ask, so each question must not cause a write. */
const ANSWER_LIFETIME_MS = 1000

/** Whether this process can refresh sessions. */
export interface Readiness {
  /** Rejects if it cannot. Concurrent callers share one probe, and so do those of the next second. */
  check(): Promise<void>
}

/** `now`: milliseconds since the epoch. */
export function createReadiness(store: Store, now: () => number): Readiness {
  let latest: Promise<void> | undefined

  const probe = async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the database is slow')), PROBE_TIMEOUT_MS)
    })
    await Promise.race([store.probe(now()), timeout]).finally(() => clearTimeout(timer))
  }
  return {
    check() {
      if (!latest) {
        latest = probe()
        const forget = (): void => void setTimeout(() => (latest = undefined), ANSWER_LIFETIME_MS).unref()
        latest.then(forget, forget)
      }
      return latest
    },
  }
}
