import { exclusively } from '../environment.ts'
import type { SessionRecord } from '../tabs/record.ts'
import type { Store } from './store.ts'

/**
 * Keeps the session in IndexedDB. It is the default in browsers, because transactions are ordered across tabs, and
 * Chromium lost no write when we killed it right after one. `name` is the name of the database; default `tokenkeep`.
 *
 * The database has one object store of the same name. Its version is always 1, so that no tab can block another tab's
 * upgrade. The database is opened for each transaction: transactions are few, and the browser may close an open connection.
 *
 * @example
 * ```ts
 * import { createTokenManager, indexedDbStore, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage: indexedDbStore('shop') })
 * ```
 */
export const indexedDbStore = (name = 'tokenkeep'): Store => ({
  update(key, change) {
    const updated = new Promise<SessionRecord | undefined>((resolve, reject) => {
      const opening = indexedDB.open(name, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore(name)
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const database = opening.result
        try {
          const transaction = database.transaction(name, 'readwrite')
          const records = transaction.objectStore(name)
          const reading: IDBRequest<SessionRecord | undefined> = records.get(key)
          let after: SessionRecord | undefined
          reading.onsuccess = () => {
            after = change(reading.result)
            if (after !== reading.result) records.put(after, key)
          }
          transaction.oncomplete = () => resolve(after)
          transaction.onabort = () => reject(transaction.error)
        } catch (error) {
          reject(error)
        }
        // The connection closes when the transaction has ended.
        database.close()
      }
    })
    // A page in the back/forward cache that was frozen while it created the database would block all other pages. The
    // browser evicts such a page as soon as another page asks for a lock that it holds. Nothing waits for this lock.
    exclusively(name, () => updated).catch(() => {})
    return updated
  },
})

/** Undefined if the platform has no IndexedDB, as during server-side rendering. */
export const defaultStore = (): Store | undefined => (globalThis.indexedDB ? indexedDbStore() : undefined)
