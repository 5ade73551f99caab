import { sql, type Database } from './database.ts'

/** One-time secrets, kept as hashes, that let somebody become a user of an app without public sign-up. */
export const invitations = (database: Database) => ({
  /** `first` is for the first user only: a new one takes the place of those before. */
  async add(
    appId: string,
    hash: Buffer,
    purpose: 'first' | 'further',
    expiresAt: number,
    now: number,
  ): Promise<void> {
    await database.rows(sql`
      DELETE FROM invitations WHERE expires_at < ${now} OR (app_id = ${appId} AND purpose = 'first' AND ${purpose} = 'first')`)
    await database.rows(sql`
      INSERT INTO invitations (hash, app_id, purpose, expires_at) VALUES (${hash}, ${appId}, ${purpose}, ${expiresAt})`)
  },
  async isGood(appId: string, hash: Buffer, now: number): Promise<boolean> {
    const found = await database.rows(sql`
      SELECT app_id FROM invitations WHERE hash = ${hash} AND app_id = ${appId} AND expires_at > ${now}`)
    return found.length > 0
  },
  /** True once. */
  async take(appId: string, hash: Buffer, now: number): Promise<boolean> {
    const taken = await database.rows(sql`
      DELETE FROM invitations WHERE hash = ${hash} AND app_id = ${appId} AND expires_at > ${now} RETURNING app_id`)
    return taken.length > 0
  },
})
