import { createSigner, type Signer } from './auth-token.ts'
import { createCache } from './cache.ts'
import type { Keys } from './derived-keys.ts'
import { ensureSigningKeys } from './signing-keys.ts'
import type { App } from '../store/apps.ts'
import type { Store } from '../store/store.ts'

/** The value if it is cached, otherwise a promise. Undefined if the value does not exist. */
type Cached<T> = T | undefined | Promise<T | undefined>

/** The apps and their keys in the memory of this process, so that an invalid request costs no store call. */
export interface AppCache {
  /** The app, at most one second old. Rules that must apply immediately are in the SQL statements. */
  app(id: string): Cached<App>
  /** The app's keys, at most five seconds old. */
  signer(id: string): Cached<Signer>
  /** Removes an app from the cache. Call it after this process has changed the app. */
  forget(id: string): void
}

const APP_LIFETIME_MS = 1000
const SIGNER_LIFETIME_MS = 5000

export function createAppCache(store: Store, keys: Keys, now: () => number): AppCache {
  const apps = createCache((id) => store.apps.find(id), APP_LIFETIME_MS, now)
  const signers = createCache(
    async (id) => {
      const app = await apps.get(id)
      return app && createSigner(await ensureSigningKeys(store, keys, app, now()), keys)
    },
    SIGNER_LIFETIME_MS,
    now,
  )
  return {
    app: (id) => apps.get(id),
    signer: (id) => signers.get(id),
    forget(id) {
      apps.forget(id)
      signers.forget(id)
    },
  }
}
