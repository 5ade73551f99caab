import type { AppModes, MetadataField, Settings, SigningAlgorithm } from '@tokenkeep/protocol'
import { sql, type Database, type Statement } from './database.ts'
import { insertEvent, type Actor } from './events.ts'
import { insertRevocation } from './revocations.ts'

/** The app of the Console. Its users are the admins of the server, and its API keys manage every app. */
export const CONSOLE_APP_ID = 'console'

/** An app: a site or product whose users sign in. Lifetimes are in seconds. */
export interface App extends Settings, AppModes {
  readonly id: string
  readonly name: string
  readonly auth_origin: string
  readonly additional_auth_origins: readonly string[]
  readonly redirect_url: string
  readonly alg: SigningAlgorithm
  /** If true, anybody can sign up with a passkey. If false, a sign-up needs an invitation. */
  readonly public_signup: boolean
  /** The fields of `user_metadata` that users can change themselves. */
  readonly user_metadata_schema: readonly MetadataField[]
  /** Sessions created before this time have ended. Milliseconds since the epoch. */
  readonly not_before: number
  /** Grows by one with each change. */
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly created_at: number
}

/** The fields of an app that an administrator can change. */
export type AppProfile = Omit<App, 'id' | 'not_before' | 'version' | 'created_at'>

type Row = Record<keyof App, unknown> | undefined

const parse = (row: Row): App | undefined =>
  row &&
  ({
    ...row,
    refresh_enabled: row.refresh_enabled === 1,
    public_signup: row.public_signup === 1,
    additional_auth_origins: JSON.parse(row.additional_auth_origins as string),
    client_jwks: JSON.parse(row.client_jwks as string),
    user_metadata_schema: JSON.parse(row.user_metadata_schema as string),
  } as App)

const columns = (app: AppProfile): Statement => sql`
  name = ${app.name}, auth_origin = ${app.auth_origin},
  additional_auth_origins = ${JSON.stringify(app.additional_auth_origins)}, redirect_url = ${app.redirect_url},
  alg = ${app.alg}, public_signup = ${Number(app.public_signup)}, refresh_enabled = ${Number(app.refresh_enabled)},
  session_timeout_length = ${app.session_timeout_length},
  refresh_absolute_lifetime = ${app.refresh_absolute_lifetime},
  refresh_inactivity_lifetime = ${app.refresh_inactivity_lifetime},
  client_auth = ${app.client_auth}, client_jwks = ${JSON.stringify(app.client_jwks)}, storage = ${app.storage},
  user_verification = ${app.user_verification}, passkeys = ${app.passkeys},
  passkey_changes = ${app.passkey_changes}, user_lookup = ${app.user_lookup}, binding = ${app.binding},
  user_metadata_schema = ${JSON.stringify(app.user_metadata_schema)}`

export const apps = (database: Database) => ({
  async find(id: string): Promise<App | undefined> {
    const [row] = await database.query<Row>(sql`SELECT * FROM apps WHERE id = ${id}`)
    return parse(row)
  },
  async list(): Promise<App[]> {
    const rows = await database.query<Row>(sql`SELECT * FROM apps ORDER BY created_at, id`)
    return rows.map((row) => parse(row)!)
  },
  /** Adds an app. Returns false if the id exists. */
  async add(id: string, app: AppProfile, actor: Actor, now: number): Promise<boolean> {
    const added = await database.transaction(
      sql`INSERT INTO apps (id, name, auth_origin, additional_auth_origins, redirect_url, alg, created_at)
          VALUES (${id}, ${app.name}, ${app.auth_origin}, '[]', ${app.redirect_url}, ${app.alg}, ${now})
          ON CONFLICT DO NOTHING RETURNING id`,
      // The other columns have defaults.
      sql`UPDATE apps SET ${columns(app)} WHERE id = ${id}`,
      insertEvent({ at: now, app_id: id, type: 'app-created', actor }),
    )
    return added.length > 0
  },
  /** Changes the app if its version is still `version`, and records `data` in the audit trail. Returns false otherwise. */
  async change(
    id: string,
    version: number,
    app: AppProfile,
    data: object,
    actor: Actor,
    now: number,
  ): Promise<boolean> {
    const changed = await database.transaction(
      sql`UPDATE apps SET ${columns(app)}, version = version + 1 WHERE id = ${id} AND version = ${version} RETURNING id`,
      insertEvent({ at: now, app_id: id, type: 'settings', actor, data: { ...data, version: version + 1 } }),
    )
    return changed.length > 0
  },
  /**
   * Ends every session of the app that was created before `notBefore` (milliseconds). `notBefore` must be a whole
   * second, because times in auth tokens are in seconds.
   */
  async endSessions(id: string, notBefore: number, actor: Actor, now: number): Promise<void> {
    await database.transaction(
      sql`UPDATE apps SET not_before = ${notBefore}, version = version + 1
          WHERE id = ${id} AND not_before < ${notBefore} RETURNING id`,
      insertRevocation({ at: now, app_id: id, type: 'app', not_before: notBefore }),
      insertEvent({ at: now, app_id: id, type: 'not-before', actor }),
    )
  },
})
