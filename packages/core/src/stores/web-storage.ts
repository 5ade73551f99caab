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
 * Keeps the session in `sessionStorage`: for this tab alone, until it is closed.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer, sessionStorageStore } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage: sessionStorageStore() })
 * ```
 */
export const sessionStorageStore = (): Store => webStorage(() => sessionStorage)

const webStorage = (storage: () => Storage): Store =>
  customStore({
    read: (key) => storage().getItem(key),
    write: (key, value) => storage().setItem(key, value),
  })
