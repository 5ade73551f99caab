/**
 * Milliseconds on a clock that only runs forward. Durations are measured by it, because people and NTP set the wall clock.
 */
export const elapsed = (): number => performance.now()

/** The longest delay that `setTimeout` takes. Milliseconds. It runs a longer one at once. */
export const MAX_DELAY = 2 ** 31 - 1

/**
 * Returns how long to wait after `failures` failures in a row: a random part of a pause that doubles, up to `maxPause`
 * ("full jitter"). All times are milliseconds.
 */
export const backoff = (failures: number, firstPause: number, maxPause: number): number =>
  Math.random() * Math.min(maxPause, firstPause * 2 ** failures)

/** Waits for `ms` milliseconds, at most `MAX_DELAY`, or until the signal is aborted. Never rejects. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(ms, MAX_DELAY))
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
  })
