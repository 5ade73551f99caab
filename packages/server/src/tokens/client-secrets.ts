import type { Store } from '../store/store.ts'
import { hashSecret } from './api-keys.ts'
import { createCache, type Cache } from './cache.ts'

/** Finds the app of a client secret. Undefined if there is no such secret. */
export type ClientSecrets = Cache<string>

/** A deleted secret stays valid for this long. */
const SECRET_LIFETIME_MS = 5000

/** The client secrets in the memory of this process, so that a refresh of an app server costs no further statement. */
export const createClientSecrets = (store: Store, now: () => number): ClientSecrets =>
  createCache(
    async (secret) => {
      const hash = hashSecret(secret)
      const key = await store.keys.findApiKey(hash)
      // The time of the last use is only for display: no response waits for this write or fails with it.
      if (key) store.keys.recordApiKeyUse(key.app_id, hash, null, now()).catch(() => undefined)
      return key?.app_id
    },
    SECRET_LIFETIME_MS,
    now,
  )

export const isClientSecret = (secret: string): boolean => secret.startsWith('cs1.')
