import { browserEnvironment, exclusively } from '../environment.ts'
import type { Change } from '../tabs/change.ts'
import type { SessionRecord } from '../tabs/record.ts'
import type { Store } from './store.ts'

/** How long a storage may take for one change. After that, the lock goes to the next one. Milliseconds. */
const TIMEOUT = 5000

/** Keeps one text per key, such as the secure storage of a phone. Each function may return its result or a promise. */
export interface TextStorage {
  read(key: string): string | null | undefined | Promise<string | null | undefined>
  write(key: string, value: string): void | Promise<void>
}

/**
 * Keeps the session in a storage of your own. Changes are made one after the other: a queue orders them within this
 * program, and a Web Lock orders them across tabs if the platform has Web Locks. A change that takes longer than 5 seconds
 * is given up, so that a storage that hangs does not lock out the other tabs.
 *
 * @example
 * ```ts
 * import { createTokenManager, customStore, sessionServer } from '@tokenkeep/core'
 *
 * const texts = new Map<string, string>()
 * const storage = customStore({
 *   read: (key) => texts.get(key),
 *   write: (key, value) => void texts.set(key, value),
 * })
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage })
 * ```
 */
export function customStore(storage: TextStorage): Store {
  let queue: Promise<unknown> = Promise.resolve()
  /** Rejects if the storage does not answer in time. A later answer changes nothing. */
  const update = (key: string, change: Change): Promise<SessionRecord | undefined> =>
    new Promise((resolve, reject) => {
      let isAwaited = true
      const giveUp = (): void => {
        isAwaited = false
        reject(new Error(`The storage did not answer within ${TIMEOUT / 1000} seconds.`))
      }
      const cancel = browserEnvironment.after(TIMEOUT, giveUp, true)
      const transact = async (): Promise<SessionRecord | undefined> => {
        const before = parseRecord(await storage.read(key))
        const after = isAwaited ? change(before) : before
        if (after && after !== before) await storage.write(key, JSON.stringify(after))
        return after
      }
      transact().then(resolve, reject).finally(cancel)
    })
  return {
    update(key, change) {
      const turn = queue.then(() => exclusively(`tokenkeep-storage:${key}`, () => update(key, change)))
      queue = turn.catch(() => {})
      return turn
    },
  }
}

/** Returns undefined for a text that is not a record: then nobody is signed in. */
export function parseRecord(text: string | null | undefined): SessionRecord | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as SessionRecord | null
    return value?.v ? value : undefined
  } catch {
    return undefined
  }
}
