import { createSigner, type Signer } from './auth-token.ts'
import { cached } from './cache.ts'
import type { Keys } from './derived-keys.ts'
import { signingKeys } from './signing-keys.ts'
import type { App } from '../store/apps.ts'
import type { Store } from '../store/store.ts'

/** At once, where it is remembered; undefined for what does not exist. */
type Known<T> = T | undefined | Promise<T | undefined>

/** What this process knows of the apps, so that a request that is nothing costs no store call. */
export interface Directory {
  /** The app as it was at most a second ago. What must hold at once is in the statements themselves. */
  app(id: string): Known<App>
  /** The app's keys as they were at most five seconds ago. */
  signer(id: string): Known<Signer>
  /** After a change here: look again. */
  forget(id: string): void
}

export function createDirectory(store: Store, keys: Keys, now: () => number): Directory {
  const apps = cached((id) => store.apps.find(id), 1000, now)
  const signers = cached(
    async (id) => {
      const app = await apps.get(id)
      return app && createSigner(await signingKeys(store, keys, app, now()), keys)
    },
    5000,
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
