import type { SessionRecord } from '../src/tabs/record.ts'
import type { Store } from '../src/stores/store.ts'

// Stores with faults. Each wraps a store that works.

/** Fails to write while `isFull()` returns true, as a full disk does. Reads succeed. */
export const fullStore = (store: Store, isFull: () => boolean): Store => ({
  update: (key, change) =>
    store.update(key, (record) => {
      const after = change(record)
      if (after !== record && isFull()) throw new DOMException('', 'QuotaExceededError')
      return after
    }),
})

export interface HangingStore extends Store {
  /** From now on, no new transaction begins until `release()`. */
  hang(): void
  release(): void
}

/** Does not answer between `hang()` and `release()`, like a storage that a frozen tab blocks. */
export function hangingStore(store: Store): HangingStore {
  let release = (): void => {}
  let isFree: Promise<void> | undefined
  return {
    async update(key, change) {
      await isFree
      return store.update(key, change)
    },
    hang: () => void (isFree = new Promise((resolve) => (release = resolve))),
    release: () => release(),
  }
}

export interface SteppedStore extends Store {
  /** How many transactions wait for their next step. */
  readonly waiting: number
  /** Lets the oldest transaction take its next step, or fail. */
  step(error?: Error): void
}

/** Waits for a step twice in each transaction: before it makes the change, and before it answers. */
export function steppedStore(store: Store): SteppedStore {
  const steps: ((error?: Error) => void)[] = []
  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => steps.push((error) => (error ? reject(error) : resolve())))
  return {
    async update(key, change): Promise<SessionRecord | undefined> {
      await turn()
      const after = await store.update(key, change)
      await turn()
      return after
    },
    get waiting() {
      return steps.length
    },
    step: (error) => steps.shift()!(error),
  }
}
