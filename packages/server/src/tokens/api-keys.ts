import { createHash, randomBytes } from 'node:crypto'
import { newId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'

/** Hashes a secret for storage. SHA-256 is enough, because these secrets have at least 192 random bits. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/**
 * Creates an API key of an app. The secret is returned once: the store keeps only its hash.
 *
 * @param name What the key is for, as administrators see it.
 * @param actor Who creates it, for the audit trail: `system`, `api-key:<id>` or `admin:<identifier>`.
 * @param now Milliseconds since the epoch.
 *
 * @example
 * ```ts
 * import { createApiKey, openStore } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const { secret } = await createApiKey(store, 'shop', 'backend', 'system', Date.now())
 * console.log(secret) // tk1.…
 * ```
 */
export async function createApiKey(
  store: Store,
  appId: string,
  name: string,
  actor: string,
  now: number,
): Promise<{ id: Buffer; secret: string }> {
  const id = newId()
  const secret = `tk1.${randomBytes(32).toString('base64url')}`
  const key = { id, hash: hashSecret(secret), name, hint: secret.slice(-4) }
  await store.keys.addApiKey(appId, key, actor, now)
  return { id, secret }
}
