import { createHash, randomBytes } from 'node:crypto'
import { scope, type Scope } from '@tokenkeep/protocol'
import type { Actor } from '../store/events.ts'
import { newId } from '../store/ids.ts'
import type { NewApiKey } from '../store/api-keys.ts'
import type { Store } from '../store/store.ts'

/** Hashes a secret for storage. SHA-256 is enough, because these secrets have at least 192 random bits. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const YEAR_MS = 365 * 86_400_000

/** What an API key may do. */
export interface ApiKeyOptions {
  /** Default: all. */
  readonly scopes?: readonly Scope[]
  /** Milliseconds since the epoch, or null for no end. Default: a year after `now`. */
  readonly expiresAt?: number | null
  /** IP addresses and ranges, such as `10.0.0.0/8`, from which it can be used. Default: everywhere. */
  readonly addresses?: readonly string[]
}

/**
 * Creates an API key of an app. The secret is returned once: the store keeps only its hash. By default, it may do everything
 * for a year.
 *
 * @param name What the key is for, as administrators see it.
 * @param actor Who creates it, for the audit trail: `system`, `api-key:<id>` or `admin:<id>`.
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
export const createApiKey = (
  store: Store,
  appId: string,
  name: string,
  actor: Actor,
  now: number,
  { scopes = scope.options, expiresAt = now + YEAR_MS, addresses = [] }: ApiKeyOptions = {},
): Promise<NewSecret> => {
  const granted = {
    scopes: JSON.stringify(scopes),
    expires_at: expiresAt,
    addresses: JSON.stringify(addresses),
  }
  return create('tk1', store, appId, name, granted, actor, now)
}

/**
 * Creates a client secret of an app (RFC 6749 section 2.3.1). With it, the app's own server authenticates when it refreshes
 * sessions for its users. It is listed and deleted like an API key, but it manages nothing and opens no session.
 *
 * @param name What the secret is for, as administrators see it.
 * @param actor Who creates it, for the audit trail: `system`, `api-key:<id>` or `admin:<id>`.
 * @param now Milliseconds since the epoch.
 *
 * @example
 * ```ts
 * import { createClientSecret, openStore } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const { secret } = await createClientSecret(store, 'shop', 'web server', 'system', Date.now())
 * console.log(secret) // cs1.…
 * ```
 */
export const createClientSecret = (
  store: Store,
  appId: string,
  name: string,
  actor: Actor,
  now: number,
): Promise<NewSecret> =>
  create('cs1', store, appId, name, { scopes: null, expires_at: null, addresses: '[]' }, actor, now)

interface NewSecret {
  readonly id: Buffer
  readonly secret: string
}

/** The prefix says what the secret may do, so the one can never be used as the other. */
async function create(
  prefix: 'tk1' | 'cs1',
  store: Store,
  appId: string,
  name: string,
  granted: Pick<NewApiKey, 'scopes' | 'expires_at' | 'addresses'>,
  actor: Actor,
  now: number,
): Promise<NewSecret> {
  const id = newId()
  const secret = `${prefix}.${randomBytes(32).toString('base64url')}`
  const key = { id, hash: hashSecret(secret), name, hint: secret.slice(-4), ...granted }
  await store.keys.addApiKey(appId, key, actor, now)
  return { id, secret }
}
