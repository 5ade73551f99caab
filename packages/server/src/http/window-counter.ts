export interface Count {
  /** How many were counted in the window, this one included. */
  readonly count: number
  /** Milliseconds until the window ends. */
  readonly msLeft: number
}

/**
 * Counts per key in windows of fixed length. A window starts with the first count of its key. It uses the monotonic clock: by
 * the wall clock, as libraries count, everybody would wait for an hour after the clock is set back by one.
 */
export class WindowCounter {
  readonly #windows = new Map<string, { count: number; readonly endsAt: number }>()
  readonly #lengthMs: number

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  add(key: string): Count {
    const now = performance.now()
    // All windows have the same length, so they end in the order in which they were added.
    for (const [other, { endsAt }] of this.#windows) {
      if (endsAt > now) break
      this.#windows.delete(other)
    }
    const window = this.#windows.get(key) ?? { count: 0, endsAt: now + this.#lengthMs }
    window.count += 1
    this.#windows.set(key, window)
    return { count: window.count, msLeft: window.endsAt - now }
  }

  /** Returns the count of a key without adding to it, or undefined if it has no window. */
  get(key: string): Count | undefined {
    const window = this.#windows.get(key)
    const msLeft = window ? window.endsAt - performance.now() : 0
    return window && msLeft > 0 ? { count: window.count, msLeft } : undefined
  }
}
