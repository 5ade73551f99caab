import type { SessionRecord } from '../tabs/record.ts'
import type { Store } from './store.ts'

/**
 * The default in browsers: transactional across tabs, and the only storage that a browser killed right after a
 * write was never seen to lose. One table, named like its database, whose version stays 1 for ever, so that no tab can block another's upgrade.
 * Opened for each transaction: they are few, and an open connection can be closed under us.
 */
export const indexedDb = (name = 'tokenkeep'): Store => ({
  update(key, change) {
    const updated = new Promise<SessionRecord | undefined>((resolve, reject) => {
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
    })
    // Not waited for. A page that the browser keeps for Back, frozen while it made the database, would keep all others
    // out of it; but it is thrown away as soon as another asks for the lock it has.
    navigator.locks?.request(name, () => updated).catch(() => false)
    return updated
  },
})

/** None where there is no page, as on a server that renders. */
export const defaultStore = (): Store | undefined => (globalThis.indexedDB ? indexedDb() : undefined)
