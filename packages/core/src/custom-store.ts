import type { SessionRecord } from './record.ts'
import type { Store } from './store.ts'

/** A place for one text per key, such as a phone's secure storage. Sync or async. */
export interface TextStorage {
  read(key: string): string | null | undefined | Promise<string | null | undefined>
  write(key: string, value: string): void | Promise<void>
}

/**
 * The user's own storage. Changes are made one after the other: in this program by a queue, across tabs by a Web
 * Lock of their own where there are such.
 */
export function custom(storage: TextStorage): Store {
  let queue: Promise<unknown> = Promise.resolve()
  return {
    transact(key, transaction) {
      const change = async () => {
        const before = parse(await storage.read(key))
        const [after, result] = transaction(before)
        if (after && after !== before) await storage.write(key, JSON.stringify(after))
        return result
      }
      const locks = globalThis.navigator?.locks
      const turn = queue.then(() => (locks ? locks.request(`tokenkeep-storage:${key}`, change) : change()))
      queue = turn.catch(() => {})
      return turn as ReturnType<typeof change>
    },
  }
}

/** What is no record of ours is no record: nobody is signed in by it, and nothing breaks. */
function parse(text: string | null | undefined): SessionRecord | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as SessionRecord | null
    return value?.v === 1 ? value : undefined
  } catch {
    return undefined
  }
}
