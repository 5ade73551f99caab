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
    async wait(signal) {
      let wake!: () => void
      const woken = new Promise<void>((resolve) => (wake = resolve))
      callers.add(wake)
      signal?.addEventListener('abort', wake)
      await woken
      signal?.removeEventListener('abort', wake)
      callers.delete(wake)
    },
  }
}
