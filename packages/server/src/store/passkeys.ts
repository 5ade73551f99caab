import { sql, type Database, type Statement } from './database.ts'
import { insertEvent, type Actor } from './events.ts'

export interface Passkey {
  readonly id: string
  readonly user_id: Buffer
  readonly public_key: Uint8Array<ArrayBuffer>
  /** The counter of the authenticator. Many authenticators leave it at 0. */
  readonly counter: number
  /** How many sign-ins it has made. */
  readonly uses: number
  readonly name: string
  readonly created_at: number
  readonly last_used_at: number | null
}
export type NewPasskey = Omit<Passkey, 'created_at' | 'last_used_at' | 'name' | 'uses'>

/** Inserts a passkey. It must be free. */
export const insertPasskey = (appId: string, passkey: NewPasskey, now: number): Statement => sql`
  INSERT INTO passkeys (app_id, id, user_id, public_key, counter, created_at)
  VALUES (${appId}, ${passkey.id}, ${passkey.user_id}, ${passkey.public_key}, ${passkey.counter}, ${now})`
/** The condition that the app has no such passkey. */
export const isFreePasskey = (appId: string, { id }: NewPasskey): Statement =>
  sql`NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.app_id = ${appId} AND p.id = ${id})`
export const passkeyAdded = (
  appId: string,
  { id, user_id }: NewPasskey,
  actor: Actor,
  now: number,
): Statement => insertEvent({ at: now, app_id: appId, type: 'passkey-added', user_id, actor, data: { id } })
const passkeyRemoved = (appId: string, user_id: Buffer, id: string, actor: Actor, at: number): Statement =>
  insertEvent({ at, app_id: appId, type: 'passkey-removed', user_id, actor, data: { id } })

export const passkeys = (database: Database) => ({
  /**
   * Adds a passkey to an active user, unless all their sessions have ended since they had this epoch. Returns false if there
   * is no such user, or if the passkey exists.
   */
  async add(appId: string, passkey: NewPasskey, epoch: number, actor: Actor, now: number): Promise<boolean> {
    const added = await database.transaction(
      sql`UPDATE users SET updated_at = ${now} WHERE id = ${passkey.user_id} AND app_id = ${appId} AND status = 'active'
          AND epoch = ${epoch} AND ${isFreePasskey(appId, passkey)} RETURNING id`,
      insertPasskey(appId, passkey, now),
      passkeyAdded(appId, passkey, actor, now),
    )
    return added.length > 0
  },
  async find(appId: string, id: string): Promise<Passkey | undefined> {
    const [passkey] = await database.query<Passkey>(
      sql`SELECT * FROM passkeys WHERE app_id = ${appId} AND id = ${id}`,
    )
    return passkey
  },
  list: (appId: string, userId: Buffer): Promise<Passkey[]> =>
    database.query<Passkey>(
      sql`SELECT * FROM passkeys WHERE user_id = ${userId} AND app_id = ${appId} ORDER BY created_at, id`,
    ),
  /**
   * Records a sign-in. Returns false if the passkey was removed meanwhile, or if another sign-in had this signature counter or a
   * higher one: then there are two copies of it (WebAuthn section 6.1.1). `counter`: 0 if the authenticator has none, and
   * undefined if it must not be compared.
   */
  async recordUse(
    appId: string,
    userId: Buffer,
    id: string,
    counter: number | undefined,
    now: number,
  ): Promise<boolean> {
    const ofPasskey = sql`app_id = ${appId} AND id = ${id} AND user_id = ${userId}`
    const used = await database.query(
      counter === undefined
        ? sql`UPDATE passkeys SET last_used_at = ${now}, uses = uses + 1 WHERE ${ofPasskey} RETURNING id`
        : sql`
            UPDATE passkeys SET counter = ${counter}, last_used_at = ${now}, uses = uses + 1
            WHERE ${ofPasskey} AND (counter < ${counter} OR (counter = 0 AND ${counter} = 0)) RETURNING id`,
    )
    return used.length > 0
  },
  /** Removes a passkey for its user, who keeps at least one. Returns false if it is the last one, or if there is none. */
  async removeOwn(appId: string, userId: Buffer, id: string, actor: Actor, now: number): Promise<boolean> {
    const all = sql`SELECT id FROM passkeys WHERE app_id = ${appId} AND user_id = ${userId} ORDER BY id ${database.dialect.lock}`
    const removed = await database.transaction(
      sql`DELETE FROM passkeys WHERE app_id = ${appId} AND id = ${id} AND user_id = ${userId}
          AND (SELECT count(*) FROM (${all}) kept) > 1 RETURNING id`,
      passkeyRemoved(appId, userId, id, actor, now),
    )
    return removed.length > 0
  },
  /** Names a passkey. Returns it, or undefined if the user has no such passkey. */
  async rename(appId: string, userId: Buffer, id: string, name: string): Promise<Passkey | undefined> {
    const [renamed] = await database.query<Passkey>(sql`
      UPDATE passkeys SET name = ${name} WHERE app_id = ${appId} AND id = ${id} AND user_id = ${userId} RETURNING *`)
    return renamed
  },
  async remove(appId: string, userId: Buffer, id: string, actor: Actor, now: number): Promise<boolean> {
    const removed = await database.transaction(
      sql`DELETE FROM passkeys WHERE app_id = ${appId} AND id = ${id} AND user_id = ${userId} RETURNING id`,
      passkeyRemoved(appId, userId, id, actor, now),
    )
    return removed.length > 0
  },
  /** Uses a handshake up. Returns true the first time and false afterwards. */
  async useHandshake(id: Buffer, expiresAt: number): Promise<boolean> {
    const used = await database.query(sql`
      INSERT INTO used_handshakes (id, expires_at) VALUES (${id}, ${expiresAt}) ON CONFLICT DO NOTHING RETURNING id`)
    return used.length > 0
  },
  /** Deletes up to `limit` used handshakes that have expired. Returns how many. */
  async deleteExpiredHandshakes(now: number, limit: number): Promise<number> {
    const deleted = await database.queryInBackground(sql`
      DELETE FROM used_handshakes WHERE id IN (
        SELECT id FROM used_handshakes WHERE expires_at < ${now} ORDER BY expires_at LIMIT ${limit})
      RETURNING id`)
    return deleted.length
  },
})
