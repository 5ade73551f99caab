import { createHash, randomBytes } from 'node:crypto'
import { newId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'

/** The form in which a secret of many random bits is kept: it need not be slow to compute. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Makes an API key and returns its secret: the only time it is seen. */
export async function createApiKey(
  store: Store,
  appId: string,
  name: string,
  actor: string,
  now: number,
): Promise<{ id: Buffer; secret: string }> {
  const id = newId()
  const secret = `tk1.${randomBytes(32).toString('base64url')}`
  const key = { id, hash: secretHash(secret), name, hint: secret.slice(-4) }
  await store.keys.addApiKey(appId, key, actor, now)
  return { id, secret }
}
