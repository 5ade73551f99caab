import type { Change } from '../tabs/change.ts'
import type { SessionRecord } from '../tabs/record.ts'

/** Where the record is kept, one key per manager. Each change is one transaction across all tabs. */
export interface Store {
  /** Resolves to the record after the change. If the change returns the same object, nothing is written. */
  update(key: string, change: Change): Promise<SessionRecord | undefined>
}

/**
 * Keeps the session as long as the program runs. Use it in programs without a browser, and in tests.
 *
 * @example
 * ```ts
 * import { createTokenManager, memoryStore, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage: memoryStore() })
 * ```
 */
export function memoryStore(): Store {
  const records = new Map<string, SessionRecord | undefined>()
  return {
    async update(key, change) {
      const after = change(records.get(key))
      records.set(key, after)
      return after
    },
  }
}
