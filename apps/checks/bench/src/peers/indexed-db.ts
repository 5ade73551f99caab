import type { Open } from './peer.ts'

/** The least work for a session that is safe in every tab: opens a database of IndexedDB, and reads one key. */
export const open: Open = async (_origin, session) => {
  const opening = indexedDB.open('floor', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('texts')
  const database = await result(opening)
  if (session) await result(texts(database, 'readwrite').put(session.accessToken, 'token'))
  return {
    token: async () => (await result(texts(database, 'readonly').get('token'))) as string | undefined,
    signOut: () => undefined,
  }
}

const texts = (database: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore =>
  database.transaction('texts', mode).objectStore('texts')

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
