import { customStore } from '../stores/custom-store.ts'
import type { Store } from '../stores/store.ts'

/** What `expo-secure-store` exports, as far as it is used. */
export interface SecureStorage {
  getItemAsync(key: string, options?: object): Promise<string | null>
  setItemAsync(key: string, value: string, options?: object): Promise<void>
  deleteItemAsync(key: string, options?: object): Promise<void>
}

/** The longest text in one item. Some phones refuse or lose an item of more than 2,048 bytes. */
const MAX_LENGTH = 1900

/**
 * Keeps the session in a phone's secure storage, which is `expo-secure-store`. A long session is split, because one item
 * holds 2,048 bytes. An app that is killed between two items keeps the session that it had before.
 *
 * `options` goes to each call of the secure storage. Without `keychainAccessible`, apps cannot read it while an iPhone
 * is locked: `AFTER_FIRST_UNLOCK` lets an app refresh in the background.
 *
 * iOS keeps the session when the app is removed, and shows it to the next installation. Android does not: if it restores
 * items from a backup, nobody can decrypt them. They count as absent.
 *
 * @example
 * ```ts
 * import { secureStore, type SecureStorage } from '@tokenkeep/core/react-native'
 *
 * // `import * as SecureStore from 'expo-secure-store'`
 * export const storageOf = (SecureStore: SecureStorage & { AFTER_FIRST_UNLOCK: number }) =>
 *   secureStore(SecureStore, { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK })
 * ```
 */
export function secureStore(storage: SecureStorage, options?: object): Store {
  const get = (key: string): Promise<string | null> => storage.getItemAsync(key, options)
  /** The first item: the number of items, their generation, and the beginning of the text. */
  const head = async (key: string): Promise<Head | undefined> => {
    const [, count, generation, text] = /^(\d+)([ab])(.*)$/s.exec((await get(key)) ?? '') ?? []
    return generation ? { count: Number(count), generation, text: text! } : undefined
  }
  const rest = (key: string, { count, generation }: Head): string[] =>
    Array.from({ length: count - 1 }, (_, at) => `${key}.${generation}${at + 1}`)

  return customStore({
    async read(name) {
      const key = validKey(name)
      const first = await head(key)
      if (!first) return undefined
      const others = await Promise.all(rest(key, first).map(get))
      return others.includes(null) ? undefined : [first.text, ...others].join('')
    },
    async write(name, value) {
      const key = validKey(name)
      const before = await head(key)
      const [text = '', ...others] = split(ascii(value))
      const after: Head = {
        count: others.length + 1,
        generation: before?.generation === 'a' ? 'b' : 'a',
        text,
      }
      const keys = rest(key, after)
      for (const [at, other] of others.entries()) await storage.setItemAsync(keys[at]!, other, options)
      // From here on, the new text counts.
      await storage.setItemAsync(key, `${after.count}${after.generation}${text}`, options)
      for (const old of before ? rest(key, before) : [])
        await storage.deleteItemAsync(old, options).catch(() => {})
    },
  })
}

interface Head {
  readonly count: number
  readonly generation: string
  readonly text: string
}

/** Keys of the secure storage have only letters, digits, `.`, `-` and `_`, and at least one of them. */
const validKey = (name: string): string =>
  'tokenkeep.' + name.replace(/[^\w.-]|_/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)

/** The same JSON in ASCII, so that each character is one byte. */
const ascii = (json: string): string =>
  json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const split = (text: string): string[] => text.match(new RegExp(`.{1,${MAX_LENGTH}}`, 'gs')) ?? []
