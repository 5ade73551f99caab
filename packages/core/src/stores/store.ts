import type { Change } from '../tabs/protocol.ts'
import type { SessionRecord } from '../tabs/record.ts'

/** Where the record lives. One key per manager; every change is one transaction, also across tabs. */
export interface Store {
  /** Resolves to the record after the change. What is the same object as before is not written. */
  update(key: string, change: Change): Promise<SessionRecord | undefined>
}

/** Keeps the session for as long as the manager: for programs without a browser, and for tests. */
export function memory(): Store {
  const records = new Map<string, SessionRecord | undefined>()
  return {
    async update(key, change) {
      const after = change(records.get(key))
      records.set(key, after)
      return after
    },
  }
}
