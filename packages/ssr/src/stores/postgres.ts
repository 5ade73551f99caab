import type { SessionStore, StoredEntry } from './session-store.ts'

/** The part of a PostgreSQL client that the store uses. A `Pool` of `pg` fits. */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/**
 * The table of the store, as SQL that may run any number of times. Run it with your migrations: the app itself needs the
 * rights to read and write the table only.
 *
 * @example
 * ```ts
 * import { postgresSchema } from '@tokenkeep/ssr/postgres'
 *
 * export const migrate = (pool: { query(sql: string): Promise<unknown> }) => pool.query(postgresSchema)
 * ```
 */
export const postgresSchema: string = `
CREATE TABLE IF NOT EXISTS tokenkeep_ssr_sessions (
  key text PRIMARY KEY,
  value text NOT NULL,
  fence integer NOT NULL,
  leased_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS tokenkeep_ssr_sessions_expires_at ON tokenkeep_ssr_sessions (expires_at);
`

const READ = `
SELECT value, fence, leased_until > clock_timestamp() AS "isLeased" FROM tokenkeep_ssr_sessions
WHERE key = $1 AND expires_at > clock_timestamp()`

const WRITE = `
INSERT INTO tokenkeep_ssr_sessions AS entry (key, value, fence, leased_until, expires_at)
VALUES ($1, $3, $2 + 1, clock_timestamp() + $4 * interval '1 ms', clock_timestamp() + $5 * interval '1 ms')
ON CONFLICT (key) DO UPDATE SET
  value = excluded.value, fence = excluded.fence,
  leased_until = excluded.leased_until, expires_at = excluded.expires_at
WHERE entry.fence = $2 OR entry.expires_at <= clock_timestamp()
RETURNING fence`

/** How many expired entries one new entry removes: more than one, so that the table does not grow. */
const SWEPT = 10

const SWEEP = `
DELETE FROM tokenkeep_ssr_sessions WHERE key IN (
  SELECT key FROM tokenkeep_ssr_sessions WHERE expires_at <= clock_timestamp()
  ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`

/**
 * Keeps the sessions of `createServerSessions` in PostgreSQL. Each operation is one statement, so a pooler in transaction mode
 * may stand between. All times are the database's. Create the table with `postgresSchema`.
 *
 * Read from the primary: a replica may be behind.
 *
 * @example
 * ```ts
 * import { createServerSessions, oauth } from '@tokenkeep/ssr'
 * import { postgresStore, type PostgresClient } from '@tokenkeep/ssr/postgres'
 *
 * export const sessionsIn = (pool: PostgresClient) =>
 *   createServerSessions({
 *     transport: oauth({ issuer: 'https://login.example.com', clientId: 'shop' }),
 *     appId: 'shop',
 *     origin: 'https://shop.example.com',
 *     keys: [process.env.SESSION_KEY!],
 *     store: postgresStore(pool),
 *   })
 * ```
 */
export function postgresStore(pool: PostgresClient): SessionStore {
  return {
    read: async (key) => (await pool.query(READ, [key])).rows[0] as StoredEntry | undefined,
    async write(key, fence, { value, lease, lifetime }) {
      const { rows } = await pool.query(WRITE, [key, fence, value, lease, lifetime])
      // Expired entries that stay until the next sweep do no harm.
      if (fence === 0) await pool.query(SWEEP, [SWEPT]).catch(() => undefined)
      return rows.length > 0
    },
  }
}
