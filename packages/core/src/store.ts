import type { Environment } from './environment.ts'
import type { Transaction } from './protocol.ts'
import type { SessionRecord } from './record.ts'

/** Where the record lives. One key per manager; every change is one transaction, also across tabs. */
export interface Store {
  transact<T>(key: string, transaction: Transaction<T>): Promise<T>
}

/** Keeps the session for as long as the manager: for programs without a browser, and for tests. */
export function memory(): Store {
  const records = new Map<string, SessionRecord>()
  return {
    async transact(key, transaction) {
      const before = records.get(key)
      const [after, result] = transaction(before)
      if (after && after !== before) records.set(key, after)
      return result
    },
  }
}

/**
 * A storage that may be denied, as to private windows and third-party frames: where the very first look fails, a
 * memory of this tab takes its place, for good. One that fails later is an error, never a silent change of place.
 */
export function withFallback(store: Store, degraded: (cause: unknown) => void): Store {
  let chosen: Store | undefined
  return {
    async transact(key, transaction) {
      if (chosen) return chosen.transact(key, transaction)
      try {
        const result = await store.transact(key, transaction)
        chosen = store
        return result
      } catch (cause) {
        if (!chosen) degraded(cause)
        chosen ??= memory()
        return chosen.transact(key, transaction)
      }
    },
  }
}

/** A storage that may hang, because a frozen tab is in the middle of a transaction: rejects after `ms`. */
export const impatient = (store: Store, env: Environment, ms: number): Store => ({
  transact: (key, transaction) =>
    new Promise((resolve, reject) => {
      const cancel = env.after(ms, () => reject(new Error('the storage does not answer')))
      store.transact(key, transaction).then(resolve, reject).finally(cancel)
    }),
})
