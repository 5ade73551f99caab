/**
 * Returns how long to wait after `failures` failures in a row: a random part of a pause that doubles, up to `maxPause`
 * ("full jitter"). All times are milliseconds.
 */
export const backoff = (failures: number, firstPause: number, maxPause: number): number =>
  Math.random() * Math.min(maxPause, firstPause * 2 ** failures)

/** Waits for `ms` milliseconds, or until the signal is aborted. Never rejects. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
  })
