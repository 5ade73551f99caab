/** Milliseconds to wait before the try after `failures` failed ones: full jitter, doubling up to `longest`. */
export const backoff = (failures: number, first: number, longest: number): number =>
  Math.random() * Math.min(longest, first * 2 ** failures)

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
