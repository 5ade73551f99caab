import type { SigningAlgorithm } from '@tokenkeep/protocol'
import { sql, type Database, type Statement } from './database.ts'
import { record } from './events.ts'

/** A key that signs an app's auth tokens. */
export interface SigningKeyRow {
  readonly kid: string
  readonly app_id: string
  readonly alg: SigningAlgorithm
  readonly state: 'next' | 'current' | 'previous'
  readonly public_jwk: string
  /** The private key, encrypted under the master key. */
  readonly wrapped: Buffer
  readonly created_at: number
  readonly activates_at: number | null
  readonly retires_at: number | null
}
export type NewSigningKey = Pick<SigningKeyRow, 'kid' | 'alg' | 'public_jwk' | 'wrapped'>

export interface ApiKey {
  readonly id: Buffer
  readonly name: string
  /** Its last four characters. */
  readonly hint: string
  readonly created_at: number
  readonly last_used_at: number | null
}

const insert = (
  appId: string,
  key: NewSigningKey,
  state: 'next' | 'current',
  activatesAt: number,
  now: number,
): Statement => sql`
  INSERT INTO signing_keys (kid, app_id, alg, state, public_jwk, wrapped, created_at, activates_at)
  VALUES (${key.kid}, ${appId}, ${key.alg}, ${state}, ${key.public_jwk}, ${key.wrapped}, ${now}, ${activatesAt})
  ON CONFLICT DO NOTHING RETURNING kid`

export const keys = (database: Database) => ({
  /** All keys that an app's auth tokens may be signed with, retired ones too until they are collected. */
  signing: (appId: string): Promise<SigningKeyRow[]> =>
    database.rows<SigningKeyRow>(
      sql`SELECT * FROM signing_keys WHERE app_id = ${appId} ORDER BY created_at DESC, kid`,
    ),
  /** Those of every app: for what concerns the master key. */
  allSigning: (): Promise<SigningKeyRow[]> =>
    database.rows<SigningKeyRow>(sql`SELECT * FROM signing_keys ORDER BY kid`),
  /** An app's first keys; nothing, where another process was first. */
  async addFirst(
    appId: string,
    current: NewSigningKey,
    next: NewSigningKey,
    rotateAt: number,
    now: number,
  ): Promise<void> {
    await database.together(
      insert(appId, current, 'current', now, now),
      insert(appId, next, 'next', rotateAt, now),
    )
  },
  /** Ends a key's signing: `next` takes its place, and `upcoming` is published. False where it was no longer current. */
  async rotate(
    appId: string,
    {
      from,
      to,
      upcoming,
      rotateAt,
      retiresAt,
    }: {
      from: string
      /** The kid of the key published as next, or a new key that is used at once. */
      to: string | NewSigningKey
      upcoming: NewSigningKey
      rotateAt: number
      retiresAt: number
    },
    actor: string,
    now: number,
  ): Promise<boolean> {
    const isNew = typeof to !== 'string'
    const kid = isNew ? to.kid : to
    const alg = upcoming.alg
    const rotated = await database.together(
      sql`UPDATE signing_keys SET state = 'previous', retires_at = ${retiresAt}
          WHERE app_id = ${appId} AND kid = ${from} AND state = 'current' RETURNING kid`,
      isNew
        ? insert(appId, to, 'current', now, now)
        : sql`UPDATE signing_keys SET state = 'current', activates_at = ${now}
              WHERE app_id = ${appId} AND kid = ${to} AND state = 'next' RETURNING kid`,
      sql`DELETE FROM signing_keys WHERE app_id = ${appId} AND state = 'next'`,
      insert(appId, upcoming, 'next', rotateAt, now),
      sql`UPDATE apps SET alg = ${alg}, version = version + 1 WHERE id = ${appId} AND alg <> ${alg}`,
      record({ at: now, app_id: appId, type: 'key-rotated', actor, data: { kid, alg } }),
    )
    return rotated.length > 0
  },
  /** Puts the same private key under another master key. */
  async rewrap(kid: string, before: Buffer, wrapped: Buffer): Promise<void> {
    await database.rows(
      sql`UPDATE signing_keys SET wrapped = ${wrapped} WHERE kid = ${kid} AND wrapped = ${before}`,
    )
  },
  /** Deletes keys that nothing valid is signed with any more. */
  async collectSigning(now: number): Promise<void> {
    await database.rows(sql`DELETE FROM signing_keys WHERE state = 'previous' AND retires_at < ${now}`)
  },
  async addApiKey(
    appId: string,
    key: { id: Buffer; hash: Buffer; name: string; hint: string },
    actor: string,
    now: number,
  ): Promise<void> {
    const { id, hash, name, hint } = key
    await database.together(
      sql`INSERT INTO api_keys (hash, id, app_id, name, hint, created_at)
          VALUES (${hash}, ${id}, ${appId}, ${name}, ${hint}, ${now}) RETURNING id`,
      record({ at: now, app_id: appId, type: 'api-key-created', actor, data: { name, hint } }),
    )
  },
  /** The key of whichever app. */
  async apiKey(hash: Buffer): Promise<(ApiKey & { readonly app_id: string }) | undefined> {
    const [key] = await database.rows<ApiKey & { app_id: string }>(
      sql`SELECT id, app_id, name, hint, created_at, last_used_at FROM api_keys WHERE hash = ${hash}`,
    )
    return key
  },
  /** To the minute: what is used often is not written often. */
  async useApiKey(appId: string, hash: Buffer, now: number): Promise<void> {
    await database.fast(sql`
      UPDATE api_keys SET last_used_at = ${now}
      WHERE hash = ${hash} AND app_id = ${appId} AND (last_used_at IS NULL OR last_used_at < ${now - 60_000})`)
  },
  apiKeys: (appId: string): Promise<ApiKey[]> =>
    database.rows<ApiKey>(sql`
      SELECT id, name, hint, created_at, last_used_at FROM api_keys WHERE app_id = ${appId} ORDER BY created_at, id`),
  async removeApiKey(appId: string, id: Buffer, actor: string, now: number): Promise<boolean> {
    const [removed] = await database.together<{ name: string }>(
      sql`DELETE FROM api_keys WHERE app_id = ${appId} AND id = ${id} RETURNING name`,
      record({
        at: now,
        app_id: appId,
        type: 'api-key-deleted',
        actor,
        data: { id: id.toString('base64url') },
      }),
    )
    return removed !== undefined
  },
})
