/** What a process remembers of the store for a while. */
export interface Cache<T> {
  /** At once, where it is remembered. */
  get(key: string): T | undefined | Promise<T | undefined>
  forget(key: string): void
}

interface Entry<T> {
  readonly value: T
  /** ms. */
  readonly until: number
}

/**
 * Remembers what `load` returns for `life` ms; what does not exist is asked for each time. All who ask at once share
 * one load. While the store does not answer, what was last known goes on.
 */
export function cached<T>(
  load: (key: string) => Promise<T | undefined>,
  life: number,
  now: () => number,
): Cache<T> {
  const entries = new Map<string, Entry<T>>()
  const loading = new Map<string, Promise<T | undefined>>()

  const loaded = async (key: string): Promise<T | undefined> => {
    const known = entries.get(key)
    const mine = load(key).then(
      (value) => {
        // Forgotten meanwhile: this answer may be from before the change.
        if (loading.get(key) !== mine) return value
        if (value === undefined) entries.delete(key)
        else entries.set(key, { value, until: now() + life })
        return value
      },
      (error: unknown) => {
        if (!known) throw error
        return known.value
      },
    )
    loading.set(key, mine)
    return mine.finally(() => {
      if (loading.get(key) === mine) loading.delete(key)
    })
  }

  return {
    get(key) {
      const known = entries.get(key)
      if (known && now() < known.until) return known.value
      return loading.get(key) ?? loaded(key)
    },
    forget(key) {
      entries.delete(key)
      loading.delete(key)
    },
  }
}
