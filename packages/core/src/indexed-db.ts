import type { SessionRecord } from './record.ts'
import type { Store } from './store.ts'

/**
 * The default in browsers: transactional across tabs, and the only storage that a browser killed right after a
 * write was never seen to lose. One table, named like its database, whose version stays 1 for ever, so that no tab can block another's upgrade.
 * Opened for each transaction: they are few, and an open connection can be closed under us.
 */
export const indexedDb = (name = 'tokenkeep'): Store => ({
  update: (key, change) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore(name)
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const database = opening.result
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
        // It closes once the transaction has ended.
        database.close()
      }
    }),
})

/** None where there is no page, as on a server that renders. */
export const defaultStore = (): Store | undefined => (globalThis.indexedDB ? indexedDb() : undefined)
