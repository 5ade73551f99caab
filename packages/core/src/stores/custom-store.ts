import { exclusively } from '../environment.ts'
import type { Change } from '../tabs/protocol.ts'
import type { SessionRecord } from '../tabs/record.ts'
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

/** What is no record is none: nobody is signed in by it, and nothing breaks. */
function parse(text: string | null | undefined): SessionRecord | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as SessionRecord | null
    return value?.v ? value : undefined
  } catch {
    return undefined
  }
}
