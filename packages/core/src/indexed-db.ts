import type { SessionRecord } from './record.ts'
import type { Store } from './store.ts'

const table = 'sessions'

/**
 * The default in browsers: transactional across tabs, and the only storage that a browser killed right after a
 * write was never seen to lose. The database's version stays 1 for ever, so that no tab can block another's upgrade.
 */
export function indexedDb(name = 'tokenkeep'): Store {
  let opened: Promise<IDBDatabase> | undefined

  const open = (): Promise<IDBDatabase> =>
    (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(table)
      request.onsuccess = () => {
        // Closed under us when the user clears site data: the next transaction opens anew.
        request.result.onclose = () => (opened = undefined)
        resolve(request.result)
      }
      request.onerror = () => reject(request.error)
    }).catch((error: unknown) => {
      opened = undefined
      throw error
    }))

  const begin = async (): Promise<IDBTransaction> => {
    const database = await open()
    try {
      return database.transaction(table, 'readwrite')
    } catch {
      opened = undefined
      return (await open()).transaction(table, 'readwrite')
    }
  }

  return {
    async transact(key, transaction) {
      const tx = await begin()
      return new Promise((resolve, reject) => {
        const records = tx.objectStore(table)
        const request: IDBRequest<SessionRecord | undefined> = records.get(key)
        let settle = (): void => {}
        request.onsuccess = () => {
          try {
            const [after, result] = transaction(request.result)
            settle = () => resolve(result)
            if (after !== request.result) records.put(after, key)
          } catch (error) {
            reject(error as Error)
            tx.abort()
          }
        }
        tx.oncomplete = () => settle()
        tx.onabort = () => reject(tx.error ?? new Error('aborted'))
      })
    },
  }
}
