import type { Signal } from '../platform.ts'

/** Callers that wait for the same thing. */
export interface Waiting {
  /** Wakes all callers. */
  wake(): void
  /** Resolves when the callers are woken, or if the caller's signal is aborted. No listener stays on the signal. */
  wait(signal?: Signal): Promise<void>
}

export function createWaiting(): Waiting {
  const callers = new Set<() => void>()
  return {
    wake: () => callers.forEach((wake) => wake()),
    wait: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          callers.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        callers.add(wake)
        signal?.addEventListener('abort', wake)
      }),
  }
}
