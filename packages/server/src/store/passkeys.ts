import { sql, type Database } from './database.ts'
import { insertEvent } from './events.ts'

export interface Passkey {
  readonly id: string
  readonly user_id: Buffer
  readonly public_key: Uint8Array<ArrayBuffer>
  readonly counter: number
  readonly name: string
  readonly created_at: number
  readonly last_used_at: number | null
}
export type NewPasskey = Omit<Passkey, 'created_at' | 'last_used_at' | 'name'>

export interface Handshake {
  readonly id: Buffer
  readonly app_id: string
  readonly purpose: 'register' | 'login'
  readonly user_id: Buffer | null
  readonly challenge: string
  /** The hash of the invitation that allows this sign-up. */
  readonly invitation: Buffer | null
  readonly expires_at: number
}

export const passkeys = (database: Database) => ({
  /** Adds the first passkey of a pending user and makes the user active. Returns false, and changes nothing, for any other user. */
  async addFirst(
    appId: string,
    { id, user_id, public_key, counter }: NewPasskey,
    now: number,
  ): Promise<boolean> {
    const added = await database.transaction(
      sql`INSERT INTO passkeys (app_id, id, user_id, public_key, counter, created_at)
          SELECT app_id, ${id}, id, ${public_key}, ${counter}, ${now} FROM users
          WHERE id = ${user_id} AND app_id = ${appId} AND status = 'pending' ON CONFLICT DO NOTHING RETURNING id`,
      sql`UPDATE users SET status = 'active', updated_at = ${now} WHERE id = ${user_id} AND app_id = ${appId}`,
      insertEvent({ at: now, app_id: appId, type: 'passkey-added', user_id, actor: 'user', data: { id } }),
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
  async recordUse(appId: string, userId: Buffer, id: string, counter: number, now: number): Promise<void> {
    await database.query(sql`
      UPDATE passkeys SET counter = ${counter}, last_used_at = ${now}
      WHERE app_id = ${appId} AND id = ${id} AND user_id = ${userId}`)
  },
  async remove(appId: string, userId: Buffer, id: string, actor: string, now: number): Promise<boolean> {
    const removed = await database.transaction(
      sql`DELETE FROM passkeys WHERE app_id = ${appId} AND id = ${id} AND user_id = ${userId} RETURNING id`,
      insertEvent({ at: now, app_id: appId, type: 'passkey-removed', user_id: userId, actor, data: { id } }),
    )
    return removed.length > 0
  },
  async addHandshake(handshake: Handshake): Promise<void> {
    const { id, app_id, purpose, user_id, challenge, invitation, expires_at } = handshake
    // Strangers can start any number, so it does not wait for the disk. Who loses one in a crash starts again.
    await database.queryUnsynced(sql`
      INSERT INTO handshakes (id, app_id, purpose, user_id, challenge, invitation, expires_at)
      VALUES (${id}, ${app_id}, ${purpose}, ${user_id}, ${challenge}, ${invitation}, ${expires_at})`)
  },
  /** Returns and deletes a handshake: each can be finished once. */
  async takeHandshake(id: Buffer, now: number): Promise<Handshake | undefined> {
    const [handshake] = await database.query<Handshake>(sql`
      DELETE FROM handshakes WHERE id = ${id} AND expires_at > ${now}
      RETURNING id, app_id, purpose, user_id, challenge, invitation, expires_at`)
    return handshake
  },
  async deleteExpiredHandshakes(now: number): Promise<void> {
    await database.query(sql`DELETE FROM handshakes WHERE expires_at < ${now}`)
  },
})
