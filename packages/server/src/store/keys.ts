import type { SigningAlgorithm } from '@tokenkeep/protocol'
import { apiKeys } from './api-keys.ts'
import { sql, type Database, type Statement } from './database.ts'
import { insertEvent, type Actor } from './events.ts'
import { insertRevocation } from './revocations.ts'

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

const insertSigningKey = (
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
  /** Lists the next, current and previous signing keys of an app. Retired keys are included until they are deleted. */
  listSigningKeys: (appId: string): Promise<SigningKeyRow[]> =>
    database.query<SigningKeyRow>(
      sql`SELECT * FROM signing_keys WHERE app_id = ${appId} ORDER BY created_at DESC, kid`,
    ),
  /** Lists the signing keys of every app. */
  listAllSigningKeys: (): Promise<SigningKeyRow[]> =>
    database.query<SigningKeyRow>(sql`SELECT * FROM signing_keys ORDER BY kid`),
  /** Adds the first keys of an app. Does nothing if another process has added them. */
  async addFirstSigningKeys(
    appId: string,
    current: NewSigningKey,
    next: NewSigningKey,
    rotateAt: number,
    now: number,
  ): Promise<void> {
    await database.transaction(
      insertSigningKey(appId, current, 'current', now, now),
      insertSigningKey(appId, next, 'next', rotateAt, now),
    )
  },
  /** Makes `to` the current key instead of `from`, and `upcoming` the next one. Returns false if `from` is not the current key. */
  async rotateSigningKey(
    appId: string,
    {
      from,
      to,
      upcoming,
      rotateAt,
      retiresAt,
    }: {
      from: string
      /** The kid of the published next key, or a new key to use at once. */
      to: string | NewSigningKey
      upcoming: NewSigningKey
      rotateAt: number
      retiresAt: number
    },
    actor: Actor,
    now: number,
  ): Promise<boolean> {
    const isNew = typeof to !== 'string'
    const kid = isNew ? to.kid : to
    const alg = upcoming.alg
    const rotated = await database.transaction(
      sql`UPDATE signing_keys SET state = 'previous', retires_at = ${retiresAt}
          WHERE app_id = ${appId} AND kid = ${from} AND state = 'current' RETURNING kid`,
      isNew
        ? insertSigningKey(appId, to, 'current', now, now)
        : sql`UPDATE signing_keys SET state = 'current', activates_at = ${now}
              WHERE app_id = ${appId} AND kid = ${to} AND state = 'next' RETURNING kid`,
      sql`DELETE FROM signing_keys WHERE app_id = ${appId} AND state = 'next'`,
      insertSigningKey(appId, upcoming, 'next', rotateAt, now),
      sql`UPDATE apps SET alg = ${alg}, version = version + 1 WHERE id = ${appId} AND alg <> ${alg}`,
      insertEvent({ at: now, app_id: appId, type: 'key-rotated', actor, data: { kid, alg } }),
    )
    return rotated.length > 0
  },
  /**
   * Replaces all signing keys of an app at once, because they may be stolen: nothing that they signed is valid any more. Returns
   * false if `from` is not the current key.
   */
  async dropSigningKeys(
    appId: string,
    {
      from,
      dropped,
      current,
      upcoming,
      rotateAt,
    }: {
      from: string
      dropped: readonly string[]
      current: NewSigningKey
      upcoming: NewSigningKey
      rotateAt: number
    },
    actor: Actor,
    now: number,
  ): Promise<boolean> {
    const { kid, alg } = current
    const replaced = await database.transaction(
      sql`DELETE FROM signing_keys WHERE app_id = ${appId} AND kid = ${from} AND state = 'current' RETURNING kid`,
      sql`DELETE FROM signing_keys WHERE app_id = ${appId}`,
      insertSigningKey(appId, current, 'current', now, now),
      insertSigningKey(appId, upcoming, 'next', rotateAt, now),
      sql`UPDATE apps SET alg = ${alg}, version = version + 1 WHERE id = ${appId} AND alg <> ${alg}`,
      insertRevocation({ at: now, app_id: appId, type: 'keys', dropped }),
      insertEvent({ at: now, app_id: appId, type: 'key-rotated', actor, data: { kid, alg, dropped } }),
    )
    return replaced.length > 0
  },
  /** Stores the same private key encrypted under another master key. */
  async rewrapSigningKey(kid: string, before: Buffer, wrapped: Buffer): Promise<void> {
    await database.query(
      sql`UPDATE signing_keys SET wrapped = ${wrapped} WHERE kid = ${kid} AND wrapped = ${before}`,
    )
  },
  /** Deletes previous keys after their retirement: no valid token is signed with them. */
  async deleteRetiredSigningKeys(now: number): Promise<void> {
    await database.query(sql`DELETE FROM signing_keys WHERE state = 'previous' AND retires_at < ${now}`)
  },
  ...apiKeys(database),
})
