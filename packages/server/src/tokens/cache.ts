/** A cache of rows of the store, in the memory of one process. */
export interface Cache<T> {
  /** Returns a cached value directly, and a promise if the value must be loaded: awaiting costs time on the hot path. */
  get(key: string): T | undefined | Promise<T | undefined>
  forget(key: string): void
}

interface Entry<T> {
  readonly value: T
  /** When it was loaded, by the wall clock and by the monotonic clock, in milliseconds. */
  readonly at: number
  readonly started: number
}

/**
 * Keeps what `load` returns for `lifetimeMs` milliseconds. A value that does not exist is loaded each time. Concurrent
 * callers share one load. If the load fails, the last known value is returned.
 */
export function createCache<T>(
  load: (key: string) => Promise<T | undefined>,
  lifetimeMs: number,
  now: () => number,
): Cache<T> {
  const entries = new Map<string, Entry<T>>()
  const loading = new Map<string, Promise<T | undefined>>()

  /** The monotonic clock counts, so a wall clock that is set back keeps no value alive. A jump of the wall clock ends a lifetime. */
  const isFresh = ({ at, started }: Entry<T>): boolean =>
    performance.now() - started < lifetimeMs && Math.abs(now() - at) < lifetimeMs

  const startLoad = async (key: string): Promise<T | undefined> => {
    const cached = entries.get(key)
    const current = load(key).then(
      (value) => {
        // If the key was forgotten meanwhile, this value can be older than the change.
        if (loading.get(key) !== current) return value
        if (value === undefined) entries.delete(key)
        else entries.set(key, { value, at: now(), started: performance.now() })
        return value
      },
      (error: unknown) => {
        if (!cached) throw error
        return cached.value
      },
    )
    loading.set(key, current)
    return current.finally(() => {
      if (loading.get(key) === current) loading.delete(key)
    })
  }

  return {
    get(key) {
      const cached = entries.get(key)
      if (cached && isFresh(cached)) return cached.value
      return loading.get(key) ?? startLoad(key)
    },
    forget(key) {
      entries.delete(key)
      loading.delete(key)
    },
  }
}
