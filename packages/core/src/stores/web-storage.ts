import { custom } from './custom-store.ts'
import type { Store } from './store.ts'

/**
 * `localStorage`, for those who must: a browser killed right after a write gives the older value back, and tabs may
 * read stale values even under a lock. The server's replays make both harmless most of the time; `indexedDb` needs
 * no such luck.
 */
export const localStorageStore = (): Store => web(() => localStorage)

/** `sessionStorage`: a session of this tab alone, which ends with it. */
export const sessionStorageStore = (): Store => web(() => sessionStorage)

const web = (storage: () => Storage): Store =>
  custom({
    read: (key) => storage().getItem(key),
    write: (key, value) => storage().setItem(key, value),
  })
