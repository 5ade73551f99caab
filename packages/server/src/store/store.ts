import { accounts } from './accounts.ts'
import { apps } from './apps.ts'
import { sql, type Database } from './database.ts'
import { events } from './events.ts'
import { invitations } from './invitations.ts'
import { keys } from './keys.ts'
import { leases } from './leases.ts'
import { passkeys } from './passkeys.ts'
import { revocations } from './revocations.ts'
import { sessions } from './sessions.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import { statistics } from './statistics.ts'
import { users } from './users.ts'
import { webhooks } from './webhooks.ts'

/**
 * Every statement of the server, by subject. A statement that concerns a user names the user's id, so the tables can be
 * distributed by user.
 */
export interface Store {
  readonly apps: ReturnType<typeof apps>
  readonly users: ReturnType<typeof users>
  readonly accounts: ReturnType<typeof accounts>
  readonly sessions: ReturnType<typeof sessions>
  readonly passkeys: ReturnType<typeof passkeys>
  readonly keys: ReturnType<typeof keys>
  readonly invitations: ReturnType<typeof invitations>
  readonly events: ReturnType<typeof events>
  readonly revocations: ReturnType<typeof revocations>
  readonly statistics: ReturnType<typeof statistics>
  readonly webhooks: ReturnType<typeof webhooks>
  readonly leases: ReturnType<typeof leases>
  /** How long a statement of housekeeping should take, in milliseconds. */
  readonly stepTime: number
  /**
   * Writes a row as a refresh does, and reads one as other requests do: a server that can do both is ready. `now`:
   * milliseconds since the epoch.
   */
  probe(now: number): Promise<void>
  close(): Promise<void>
}

export const createStore = (database: Database): Store => ({
  apps: apps(database),
  users: users(database),
  accounts: accounts(database),
  sessions: sessions(database),
  passkeys: passkeys(database),
  keys: keys(database),
  invitations: invitations(database),
  events: events(database),
  revocations: revocations(database),
  statistics: statistics(database),
  webhooks: webhooks(database),
  leases: leases(database),
  stepTime: database.dialect.stepTime,
  async probe(now) {
    await Promise.all([
      database.queryUnsynced(
        sql`INSERT INTO probe VALUES (1, ${now}) ON CONFLICT (id) DO UPDATE SET at = excluded.at RETURNING id`,
      ),
      database.query(sql`SELECT at FROM probe`),
    ])
  },
  close: () => database.close(),
})

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url)

/**
 * Opens a database: a `postgres://` URL, or the path of a data folder for SQLite. Without `create` it creates and changes
 * nothing, and throws if the database is missing or not up to date.
 */
export const openDatabase = async (url: string, create = true): Promise<Database> =>
  isPostgres(url) ? openPostgres(url, create) : openSqlite(url, create)

/** The options of {@link openStore}. */
export interface OpenOptions {
  /** Whether to create the database and bring it up to date if needed. Otherwise opening it fails. Default: true. */
  readonly create?: boolean
}

/**
 * Opens the store, creates it if it is missing, and brings its tables up to date.
 *
 * @param url The path of a data folder for SQLite (created if it is missing), or a `postgres://` URL.
 * @throws If the database cannot be reached or opened, is of a newer version, or belongs to another program.
 *
 * @example
 * ```ts
 * import { openStore } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * await store.probe(Date.now())
 * await store.close()
 * ```
 */
export const openStore = async (url: string, { create = true }: OpenOptions = {}): Promise<Store> =>
  createStore(await openDatabase(url, create))
