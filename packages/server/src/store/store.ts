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

/** Every statement this server runs, by subject. Each names its user's id where it has one: the way to distribute by user. */
export interface Store {
  readonly apps: ReturnType<typeof apps>
  readonly users: ReturnType<typeof users>
  readonly sessions: ReturnType<typeof sessions>
  readonly passkeys: ReturnType<typeof passkeys>
  readonly keys: ReturnType<typeof keys>
  readonly invitations: ReturnType<typeof invitations>
  readonly events: ReturnType<typeof events>
  readonly revocations: ReturnType<typeof revocations>
  readonly statistics: ReturnType<typeof statistics>
  readonly leases: ReturnType<typeof leases>
  /** A real write: what readiness means. */
  probe(now: number): Promise<void>
  close(): Promise<void>
}

export const storeOn = (database: Database): Store => ({
  apps: apps(database),
  users: users(database),
  sessions: sessions(database),
  passkeys: passkeys(database),
  keys: keys(database),
  invitations: invitations(database),
  events: events(database),
  revocations: revocations(database),
  statistics: statistics(database),
  leases: leases(database),
  async probe(now) {
    await database.rows(
      sql`INSERT INTO probe VALUES (1, ${now}) ON CONFLICT (id) DO UPDATE SET at = excluded.at`,
    )
  },
  close: () => database.close(),
})

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url)

/** Opens a database: `postgres://…`, or the path of a data folder for SQLite. */
export const openDatabase = async (url: string): Promise<Database> =>
  isPostgres(url) ? openPostgres(url) : openSqlite(url)

/** Opens the store at a URL, as `openDatabase` reads it. */
export const openStore = async (url: string): Promise<Store> => storeOn(await openDatabase(url))
