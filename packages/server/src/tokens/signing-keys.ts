import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningAlgorithm } from '@tokenkeep/protocol'
import type { Actor } from '../store/events.ts'
import { newId, formatId } from '../store/ids.ts'
import type { Keys } from './derived-keys.ts'
import type { App } from '../store/apps.ts'
import type { NewSigningKey, SigningKeyRow } from '../store/keys.ts'
import type { Store } from '../store/store.ts'

/** How long a key signs before the next one replaces it: 30 days. */
const SIGNING_PERIOD_MS = 30 * 86_400_000
/** A retired key is published this much longer than its auth tokens live, because clocks differ and processes cache the key that signs. */
const RETIREMENT_MARGIN_MS = 60_000

const generate = promisify(generateKeyPair)
const GENERATORS = {
  EdDSA: () => generate('ed25519'),
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  RS256: () => generate('rsa', { modulusLength: 2048 }),
} as const

/** Generates a key pair (RFC 7517). The private key is encrypted with the master key. */
async function newSigningKey(keys: Keys, alg: SigningAlgorithm): Promise<NewSigningKey> {
  const { privateKey, publicKey } = await GENERATORS[alg]()
  const kid = formatId(newId())
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return {
    kid,
    alg,
    public_jwk: JSON.stringify(jwk),
    wrapped: keys.wrap(privateKey.export({ format: 'der', type: 'pkcs8' })),
  }
}

/** Returns the signing keys of an app, and creates them on first use. `now`: milliseconds since the epoch. */
export async function ensureSigningKeys(
  store: Store,
  keys: Keys,
  app: App,
  now: number,
): Promise<SigningKeyRow[]> {
  const existing = await store.keys.listSigningKeys(app.id)
  if (existing.length) return existing
  const [current, next] = await Promise.all([newSigningKey(keys, app.alg), newSigningKey(keys, app.alg)])
  await store.keys.addFirstSigningKeys(app.id, current, next, now + SIGNING_PERIOD_MS, now)
  // Read again: another process can have added its keys first.
  return store.keys.listSigningKeys(app.id)
}

/**
 * Rotates the keys of an app. The next key signs from now on. The current key becomes the previous one and stays published
 * until its tokens have expired. A new next key is published long before it signs. If the algorithm changes, both the
 * current and the next key are new.
 */
export async function rotateSigningKeys(
  store: Store,
  keys: Keys,
  app: App,
  { alg = app.alg, actor, now }: { alg?: SigningAlgorithm; actor: Actor; now: number },
): Promise<SigningKeyRow[]> {
  const rows = await ensureSigningKeys(store, keys, app, now)
  const current = rows.find(({ state }) => state === 'current')!
  const next = rows.find(({ state }) => state === 'next')
  await store.keys.rotateSigningKey(
    app.id,
    {
      from: current.kid,
      to: next?.alg === alg ? next.kid : await newSigningKey(keys, alg),
      upcoming: await newSigningKey(keys, alg),
      rotateAt: now + SIGNING_PERIOD_MS,
      retiresAt: now + app.session_timeout_length * 1000 + RETIREMENT_MARGIN_MS,
    },
    actor,
    now,
  )
  return store.keys.listSigningKeys(app.id)
}

/**
 * Replaces all keys of an app, because somebody else may have them: the next key too, since it lies beside the others. All
 * auth tokens so far are refused from then on; clients refresh. Every server drops the keys within five seconds, and an API that
 * follows the revocation feed does so at once.
 */
export async function dropSigningKeys(
  store: Store,
  keys: Keys,
  app: App,
  { alg = app.alg, actor, now }: { alg?: SigningAlgorithm; actor: Actor; now: number },
): Promise<SigningKeyRow[]> {
  const [current, upcoming] = await Promise.all([newSigningKey(keys, alg), newSigningKey(keys, alg)])
  for (;;) {
    const rows = await ensureSigningKeys(store, keys, app, now)
    const from = rows.find(({ state }) => state === 'current')!.kid
    const dropped = rows.map(({ kid }) => kid)
    const change = { from, dropped, current, upcoming, rotateAt: now + SIGNING_PERIOD_MS }
    // Otherwise a rotation came between: its keys go too.
    if (await store.keys.dropSigningKeys(app.id, change, actor, now)) break
  }
  return store.keys.listSigningKeys(app.id)
}
