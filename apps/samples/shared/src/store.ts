/** A minimal store: one value, and listeners that are called when it changes. */
export interface Store<T> {
  /** The value at the beginning. A server renders it, and so does the first render in the browser. */
  readonly first: T
  readonly get: () => T
  readonly set: (next: T) => void
  readonly subscribe: (listener: () => void) => () => void
}

export const createStore = <T>(value: T): Store<T> => {
  const listeners = new Set<() => void>()
  let current = value
  return {
    first: value,
    get: () => current,
    set: (next) => {
      current = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
