import { browserEnvironment } from '../environment.ts'
import { customStore } from './custom-store.ts'
import type { Store } from './store.ts'

/**
 * Keeps the session in `localStorage`. Use it only if you must: a browser that is killed right after a write restores
 * the older value, and a tab may read an old value even under a lock. Both are usually
 * harmless, because a repeated refresh gets the same successor. `indexedDbStore` has neither fault.
 *
 * @example
 * ```ts
 * import { createTokenManager, localStorageStore, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage: localStorageStore() })
 * ```
 */
export const localStorageStore = (): Store => webStorage(() => localStorage)

/**
 * Keeps the session in `sessionStorage`: for this tab alone, until it is closed. A tab that was duplicated starts signed
 * out, because two tabs that use one refresh token look like a theft. A copy needs up to 3 seconds to notice that it is one.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer, sessionStorageStore } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage: sessionStorageStore() })
 * ```
 */
export function sessionStorageStore(): Store {
  const store = webStorage(() => sessionStorage)
  return {
    async update(key, change) {
      await ownTab(key)
      return store.update(key, change)
    },
  }
}

const webStorage = (storage: () => Storage): Store =>
  customStore({
    read: (key) => storage().getItem(key),
    write: (key, value) => storage().setItem(key, value),
  })

/** How long the page that this tab showed before may take to release its lock. Milliseconds. */
const MAX_RELEASE = 3000
/** For each key, the check that this tab is no copy. A page makes it once. */
const owned = new Map<string, Promise<void>>()

/** "Duplicate tab" copies the storage, with the id of the tab. The tab that holds the lock of that id is the original. */
function ownTab(key: string): Promise<void> {
  const look = async (): Promise<void> => {
    const name = `${key} tab`
    const id = sessionStorage.getItem(name)
    if (id && (await hold(id))) return
    if (id) sessionStorage.removeItem(key)
    const own = `tokenkeep-tab:${browserEnvironment.entropy().id}`
    sessionStorage.setItem(name, own)
    await hold(own)
  }
  const looking = owned.get(key) ?? look().catch(() => {})
  owned.set(key, looking)
  return looking
}

/** Takes a lock until the page is gone. False if another tab keeps it. Without Web Locks, nobody can tell. */
const hold = (name: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { locks } = globalThis.navigator ?? {}
    if (!locks) return resolve(true)
    const waiting = new AbortController()
    const cancel = browserEnvironment.after(MAX_RELEASE, () => waiting.abort(), true)
    const keep = (): Promise<never> => {
      cancel()
      resolve(true)
      return new Promise(() => {})
    }
    return void locks
      .request(name, { signal: waiting.signal }, keep)
      .catch(() => resolve(!waiting.signal.aborted))
  })
