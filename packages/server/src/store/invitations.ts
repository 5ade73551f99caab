import { sql, type Database } from './database.ts'

/** One-time secrets, stored as hashes. Each lets one person sign up to an app without public sign-up. */
export const invitations = (database: Database) => ({
  /** Adds an invitation. `first` is for the first user only: a new one replaces the earlier ones. Times are milliseconds. */
  async add(
    appId: string,
    hash: Buffer,
    purpose: 'first' | 'further',
    expiresAt: number,
    now: number,
  ): Promise<void> {
    await database.query(sql`
      DELETE FROM invitations WHERE expires_at < ${now} OR (app_id = ${appId} AND purpose = 'first' AND ${purpose} = 'first')`)
    await database.query(sql`
      INSERT INTO invitations (hash, app_id, purpose, expires_at) VALUES (${hash}, ${appId}, ${purpose}, ${expiresAt})`)
  },
  async isValid(appId: string, hash: Buffer, now: number): Promise<boolean> {
    const found = await database.query(sql`
      SELECT app_id FROM invitations WHERE hash = ${hash} AND app_id = ${appId} AND expires_at > ${now}`)
    return found.length > 0
  },
  /** Uses the invitation up. Returns true the first time and false afterwards. */
  async redeem(appId: string, hash: Buffer, now: number): Promise<boolean> {
    const taken = await database.query(sql`
      DELETE FROM invitations WHERE hash = ${hash} AND app_id = ${appId} AND expires_at > ${now} RETURNING app_id`)
    return taken.length > 0
  },
})
