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
