import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningAlgorithm } from '@tokenkeep/protocol'
import { newId, showId } from '../store/ids.ts'
import type { Keys } from './derived-keys.ts'
import type { App } from '../store/apps.ts'
import type { NewSigningKey, SigningKeyRow } from '../store/keys.ts'
import type { Store } from '../store/store.ts'

/** How long a key signs before the next takes its place. ms. */
const signingPeriod = 30 * 86_400_000
/** How much longer than its auth tokens a retired key is published: clocks differ, and processes learn late. ms. */
const margin = 60_000

const generate = promisify(generateKeyPair)
const pairs = {
  EdDSA: () => generate('ed25519'),
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  RS256: () => generate('rsa', { modulusLength: 2048 }),
} as const

/** A new key (RFC 7517), its private half under the master key. */
async function newSigningKey(keys: Keys, alg: SigningAlgorithm): Promise<NewSigningKey> {
  const { privateKey, publicKey } = await pairs[alg]()
  const kid = showId(newId())
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return {
    kid,
    alg,
    public_jwk: JSON.stringify(jwk),
    wrapped: keys.wrap(privateKey.export({ format: 'der', type: 'pkcs8' })),
  }
}

/** An app's keys; made at first use. */
export async function signingKeys(store: Store, keys: Keys, app: App, now: number): Promise<SigningKeyRow[]> {
  const known = await store.keys.signing(app.id)
  if (known.length) return known
  const [current, next] = await Promise.all([newSigningKey(keys, app.alg), newSigningKey(keys, app.alg)])
  await store.keys.addFirst(app.id, current, next, now + signingPeriod, now)
  // Read back: another process may have been first.
  return store.keys.signing(app.id)
}

/**
 * Rotates an app's keys: the next one signs from now on, the one before stays published for as long as its tokens
 * live, and a new next one is published, long before it signs. For another algorithm, both are new.
 */
export async function rotateSigningKeys(
  store: Store,
  keys: Keys,
  app: App,
  { alg = app.alg, actor, now }: { alg?: SigningAlgorithm; actor: string; now: number },
): Promise<SigningKeyRow[]> {
  const rows = await signingKeys(store, keys, app, now)
  const current = rows.find(({ state }) => state === 'current')!
  const next = rows.find(({ state }) => state === 'next')
  await store.keys.rotate(
    app.id,
    {
      from: current.kid,
      to: next?.alg === alg ? next.kid : await newSigningKey(keys, alg),
      upcoming: await newSigningKey(keys, alg),
      rotateAt: now + signingPeriod,
      retiresAt: now + app.session_timeout_length * 1000 + margin,
    },
    actor,
    now,
  )
  return store.keys.signing(app.id)
}
