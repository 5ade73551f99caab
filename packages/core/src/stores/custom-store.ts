import { exclusively } from '../environment.ts'
import type { Change } from '../tabs/change.ts'
import type { SessionRecord } from '../tabs/record.ts'
import type { Store } from './store.ts'

/** Keeps one text per key, such as the secure storage of a phone. Each function may return its result or a promise. */
export interface TextStorage {
  read(key: string): string | null | undefined | Promise<string | null | undefined>
  write(key: string, value: string): void | Promise<void>
}

/**
 * Keeps the session in a storage of your own. Changes are made one after the other: a queue orders them within this
 * program, and a Web Lock orders them across tabs if the platform has Web Locks.
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
  const update = async (key: string, change: Change): Promise<SessionRecord | undefined> => {
    const before = parse(await storage.read(key))
    const after = change(before)
    if (after && after !== before) await storage.write(key, JSON.stringify(after))
    return after
  }
  return {
    update(key, change) {
      const turn = queue.then(() => exclusively(`tokenkeep-storage:${key}`, () => update(key, change)))
      queue = turn.catch(() => {})
      return turn
    },
  }
}

/** Returns undefined for a text that is not a record: then nobody is signed in. */
function parse(text: string | null | undefined): SessionRecord | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as SessionRecord | null
    return value?.v ? value : undefined
  } catch {
    return undefined
  }
}
