import type { Role } from '@tokenkeep/protocol'
import { CONSOLE_APP_ID } from './apps.ts'
import { sql, type Database, type Statement } from './database.ts'
import { actorId, actorText, insertEvent, type Actor } from './events.ts'

/** A one-time secret, of which the hash is stored. Times are milliseconds since the epoch. */
export interface Invitation {
  readonly id: Buffer
  /** The user whose passkeys it replaces. Null: it lets one person sign up. */
  readonly user_id: Buffer | null
  /** The current identifier of that user. */
  readonly identifier: string | null
  /** Who made it, as in the audit trail. */
  /** The role of the new admin, in the Console's app. */
  readonly role: Role | null
  readonly created_by: string
  readonly maker_name: string | null
  readonly created_at: number
  readonly expires_at: number
}

export interface NewInvitation {
  readonly id: Buffer
  readonly hash: Buffer
  readonly userId?: Buffer | undefined
  /** True for the link of the first admin: a new one replaces the earlier ones. */
  readonly first?: boolean
  readonly role?: Role | undefined
  readonly expiresAt: number
}

/**
 * The condition that whoever made the invitation may still make one: the server, a valid API key, or an active admin whose role
 * allows it. The link of the first admin ends when there is an admin.
 */
const isMade = (now: number): Statement => sql`(
  CASE WHEN maker IS NULL THEN is_first = 0 OR NOT EXISTS (SELECT 1 FROM users a WHERE a.app_id = invitations.app_id)
  ELSE EXISTS (
      SELECT 1 FROM api_keys k WHERE k.id = invitations.maker AND (k.expires_at IS NULL OR k.expires_at > ${now}))
    OR EXISTS (
      SELECT 1 FROM users m WHERE m.id = invitations.maker AND m.status = 'active' AND (coalesce(m.role, 'owner') = 'owner'
        OR (m.role = 'admin' AND invitations.app_id <> ${CONSOLE_APP_ID}))) END)`

const columns = sql`id, user_id, role, created_by, maker_name, created_at, expires_at,
  (SELECT identifier FROM users u WHERE u.id = invitations.user_id) AS identifier`

/**
 * The condition that somebody may sign up: with this invitation, or without one while public sign-up is on. Of two transactions
 * that use an invitation, one waits for the other.
 */
export const maySignUp = (
  { dialect }: Database,
  appId: string,
  hash: Buffer | undefined,
  now: number,
): Statement =>
  hash
    ? sql`(SELECT count(*) FROM (
        SELECT id FROM invitations WHERE hash = ${hash} AND app_id = ${appId} AND expires_at > ${now}
          AND ${isMade(now)} ${dialect.lock}) i) = 1`
    : sql`EXISTS (SELECT 1 FROM apps a WHERE a.id = ${appId} AND a.public_signup = 1)`
/** Uses an invitation up. */
export const useInvitation = (hash: Buffer): Statement => sql`DELETE FROM invitations WHERE hash = ${hash}`

export const invitations = (database: Database) => ({
  async add(
    appId: string,
    { id, hash, userId, first = false, role, expiresAt }: NewInvitation,
    actor: Actor,
    now: number,
  ): Promise<void> {
    await database.query(sql`
      DELETE FROM invitations WHERE expires_at <= ${now} OR (app_id = ${appId} AND is_first = 1 AND ${Number(first)} = 1)`)
    await database.transaction(
      sql`INSERT INTO invitations (hash, id, app_id, user_id, is_first, role, created_by, maker, maker_name, created_at, expires_at)
          VALUES (${hash}, ${id}, ${appId}, ${userId ?? null}, ${Number(first)}, ${role ?? null}, ${actorText(actor)}, ${actorId(actor) ?? null},
            ${(typeof actor === 'object' && actor.actor_name) || null}, ${now}, ${expiresAt})
          RETURNING id`,
      insertEvent({
        at: now,
        app_id: appId,
        type: 'invitation-created',
        ...(userId && { user_id: userId }),
        actor,
      }),
    )
  },
  /** Lists the invitations that can be used, newest first. */
  list: (appId: string, now: number): Promise<Invitation[]> =>
    database.query<Invitation>(
      sql`SELECT ${columns} FROM invitations WHERE app_id = ${appId} AND expires_at > ${now} AND ${isMade(now)}
          ORDER BY created_at DESC, id`,
    ),
  async find(appId: string, hash: Buffer, now: number): Promise<Invitation | undefined> {
    const [found] = await database.query<Invitation>(
      sql`SELECT ${columns} FROM invitations WHERE hash = ${hash} AND app_id = ${appId} AND expires_at > ${now}
            AND ${isMade(now)}`,
    )
    return found
  },
  /** Withdraws an invitation. Returns false if there is none: it was used or withdrawn, or it has expired. */
  async withdraw(appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> {
    const taken = await database.transaction(
      sql`DELETE FROM invitations WHERE id = ${id} AND app_id = ${appId} AND expires_at > ${now} RETURNING id`,
      insertEvent({ at: now, app_id: appId, type: 'invitation-withdrawn', actor }),
    )
    return taken.length > 0
  },
})
