import { sql, type Database } from './database.ts'
import { insertEvent, type Actor } from './events.ts'
import { formatId } from './ids.ts'

export interface ApiKey {
  readonly id: Buffer
  readonly name: string
  /** The last four characters of the secret. */
  readonly hint: string
  readonly created_at: number
  readonly last_used_at: number | null
  readonly last_used_from: string | null
  /** JSON. Null: all, and for a client secret, which manages nothing, none. */
  readonly scopes: string | null
  readonly expires_at: number | null
  /** JSON: IP addresses and ranges. Empty: everywhere. */
  readonly addresses: string
}
export type NewApiKey = Pick<ApiKey, 'id' | 'name' | 'hint' | 'scopes' | 'expires_at' | 'addresses'> & {
  readonly hash: Buffer
}

const apiKeyColumns = sql`id, app_id, name, hint, created_at, last_used_at, last_used_from, scopes, expires_at, addresses`

export const apiKeys = (database: Database) => ({
  async addApiKey(appId: string, key: NewApiKey, actor: Actor, now: number): Promise<void> {
    const { id, hash, name, hint, scopes, expires_at, addresses } = key
    await database.transaction(
      sql`INSERT INTO api_keys (hash, id, app_id, name, hint, created_at, scopes, expires_at, addresses)
          VALUES (${hash}, ${id}, ${appId}, ${name}, ${hint}, ${now}, ${scopes}, ${expires_at}, ${addresses}) RETURNING id`,
      insertEvent({
        at: now,
        app_id: appId,
        type: 'api-key-created',
        actor,
        data: {
          id: formatId(id),
          name,
          hint,
          ...(scopes !== null && { scopes: JSON.parse(scopes) as string[] }),
        },
      }),
    )
  },
  /** Finds an API key of any app by the hash of its secret. It may have expired. */
  async findApiKey(hash: Buffer): Promise<(ApiKey & { readonly app_id: string }) | undefined> {
    const [key] = await database.query<ApiKey & { app_id: string }>(
      sql`SELECT ${apiKeyColumns} FROM api_keys WHERE hash = ${hash}`,
    )
    return key
  },
  /** Records the last use, at most once a minute, so that a key in constant use does not cause a write per request. */
  async recordApiKeyUse(appId: string, hash: Buffer, from: string | null, now: number): Promise<void> {
    await database.queryUnsynced(sql`
      UPDATE api_keys SET last_used_at = ${now}, last_used_from = ${from}
      WHERE hash = ${hash} AND app_id = ${appId} AND (last_used_at IS NULL OR last_used_at < ${now - 60_000})`)
  },
  listApiKeys: (appId: string): Promise<ApiKey[]> =>
    database.query<ApiKey>(sql`
      SELECT ${apiKeyColumns} FROM api_keys WHERE app_id = ${appId} ORDER BY created_at, id`),
  async removeApiKey(appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> {
    const [removed] = await database.transaction<{ name: string }>(
      sql`DELETE FROM api_keys WHERE app_id = ${appId} AND id = ${id} RETURNING name`,
      insertEvent({
        at: now,
        app_id: appId,
        type: 'api-key-deleted',
        actor,
        data: { id: formatId(id) },
      }),
    )
    return removed !== undefined
  },
})
