import { sql, type Database, type Statement } from './database.ts'
import { record, type NewEvent } from './events.ts'
import { announce } from './revocations.ts'
import type { UserStatus } from './users.ts'

/** One row per session, whatever the number of its refreshes. Times and durations in ms. */
export interface Session {
  readonly user_id: Buffer
  readonly id: Buffer
  readonly app_id: string
  readonly user_epoch: number
  readonly generation: number
  readonly rotated_at: number
  readonly active_at: number
  /** The attempts of the last eight rotations, 16 hex digits each, at the place of generation modulo 8. */
  readonly attempts: string
  readonly created_at: number
  readonly absolute_at: number
  readonly inactivity: number
  readonly ended_at: number | null
  readonly end_reason: string | null
  readonly ip: string | null
  readonly user_agent: string | null
}

/** A session with what its refresh depends on beside it. */
export type SessionInContext = Session & {
  readonly epoch_now: number
  readonly status: UserStatus
  /** Of its app, as they are now: ms, seconds, seconds. */
  readonly not_before: number
  readonly refresh_absolute_lifetime: number
  readonly refresh_inactivity_lifetime: number
}

/** What a session's tokens are made of: all that a refresh reads back. */
export type Rotated = Pick<
  Session,
  'user_id' | 'id' | 'user_epoch' | 'generation' | 'active_at' | 'created_at' | 'absolute_at' | 'inactivity'
>

export type NewSession = Omit<Session, 'user_epoch' | 'generation' | 'ended_at' | 'end_reason'>

export interface Rotation {
  readonly appId: string
  readonly userId: Buffer
  readonly sessionId: Buffer
  readonly generation: number
  /** The generation after this one: one more, but where the database lost commits. */
  readonly next: number
  readonly attempt: string
  readonly background: boolean
  readonly now: number
}

/** Nobody used this place of the ring. */
export const unused = '0'.repeat(16)
/** The database lost who used it. */
export const lost = 'f'.repeat(16)

const columns = sql`sessions.user_id, sessions.id, sessions.app_id, sessions.user_epoch, sessions.generation,
  sessions.rotated_at, sessions.active_at, sessions.attempts, sessions.created_at, sessions.absolute_at,
  sessions.inactivity, sessions.ended_at, sessions.end_reason, sessions.ip, sessions.user_agent`

/** What makes a session live. The app's limits of today count too: lowering one takes effect at the next refresh. */
const live = (now: number): Statement => sql`sessions.ended_at IS NULL AND sessions.absolute_at > ${now}
  AND sessions.active_at + sessions.inactivity > ${now} AND EXISTS (
    SELECT 1 FROM users u, apps a WHERE a.id = sessions.app_id AND sessions.created_at >= a.not_before
      AND (a.refresh_absolute_lifetime = 0 OR sessions.created_at + a.refresh_absolute_lifetime * 1000 > ${now})
      AND (a.refresh_inactivity_lifetime = 0 OR sessions.active_at + a.refresh_inactivity_lifetime * 1000 > ${now})
      AND u.id = sessions.user_id AND u.epoch = sessions.user_epoch AND u.status = 'active')`

/** Where a session's row is. */
export interface SessionKey {
  readonly user_id: Buffer
  readonly id: Buffer
}

export interface Swept {
  /** The place to go on from; undefined after the last row. */
  readonly last: SessionKey | undefined
  /** How many of the rows were live, by app; an app with none is not there. */
  readonly live: readonly { readonly app_id: string; readonly live: number }[]
}

export const sessions = (database: Database) => ({
  /** Undefined, and nothing done, where the user is not active. */
  async open(session: NewSession, actor: string): Promise<Session | undefined> {
    const { user_id, id, app_id, created_at } = session
    const [opened] = await database.together<Session>(
      // After a whole app was signed out, its second is still running: a sign-in now belongs to the next.
      sql`INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
            absolute_at, inactivity, ip, user_agent)
          SELECT u.id, ${id}, u.app_id, u.epoch, 0, ${session.rotated_at}, ${session.active_at}, ${session.attempts},
            CASE WHEN a.not_before > ${created_at} THEN a.not_before ELSE ${created_at} END,
            ${session.absolute_at}, ${session.inactivity}, ${session.ip}, ${session.user_agent}
          FROM users u, apps a WHERE u.id = ${user_id} AND u.app_id = ${app_id} AND u.status = 'active' AND a.id = u.app_id
          RETURNING ${columns}`,
      sql`UPDATE users SET last_login_at = ${created_at}, login_count = login_count + 1
          WHERE id = ${user_id} AND app_id = ${app_id}`,
      record({ at: created_at, app_id, type: 'sign-in', user_id, session_id: id, actor }),
    )
    return opened
  },
  /** The whole of a refresh: undefined where the session is not live at that generation. */
  async rotate(rotation: Rotation): Promise<Rotated | undefined> {
    const { appId, userId, sessionId, generation, next, attempt, background, now } = rotation
    const jump = next > generation + 1
    const slot = ((next - 1) % 8) * 16
    const ring = jump ? sql`${lost.repeat(8)}` : sql`attempts`
    const update = sql`
      UPDATE sessions SET generation = ${next}, rotated_at = ${now},
        ${background ? sql`` : sql`active_at = ${now},`}
        attempts = substr(${ring}, 1, ${slot}) || ${attempt} || substr(${ring}, ${slot + 17})
      WHERE sessions.user_id = ${userId} AND sessions.id = ${sessionId} AND sessions.app_id = ${appId}
        AND sessions.generation = ${generation} AND ${live(now)}
      RETURNING user_epoch, active_at, created_at, absolute_at, inactivity`
    type Row = Omit<Rotated, 'user_id' | 'id' | 'generation'>
    const rotated = (row: Row | undefined): Rotated | undefined =>
      row && {
        user_id: userId,
        id: sessionId,
        user_epoch: row.user_epoch,
        generation: next,
        active_at: row.active_at,
        created_at: row.created_at,
        absolute_at: row.absolute_at,
        inactivity: row.inactivity,
      }
    if (!jump) return rotated((await database.fast<Row>(update))[0])
    // A jump over lost generations is rare, and leaves an event.
    const [session] = await database.together<Row>(
      update,
      record({
        at: now,
        app_id: appId,
        type: 'fast-forward',
        user_id: userId,
        session_id: sessionId,
        actor: 'system',
        data: { from: generation, to: next },
      }),
    )
    return rotated(session)
  },
  async find(appId: string, userId: Buffer, id: Buffer): Promise<SessionInContext | undefined> {
    const [session] = await database.rows<SessionInContext>(sql`
      SELECT ${columns}, u.epoch AS epoch_now, u.status,
        a.not_before, a.refresh_absolute_lifetime, a.refresh_inactivity_lifetime
      FROM sessions JOIN users u ON u.id = sessions.user_id JOIN apps a ON a.id = sessions.app_id
      WHERE sessions.user_id = ${userId} AND sessions.id = ${id} AND sessions.app_id = ${appId}`)
    return session
  },
  /** The live ones, newest first. */
  list: (appId: string, userId: Buffer, now: number): Promise<Session[]> =>
    database.rows<Session>(sql`
      SELECT ${columns} FROM sessions
      WHERE sessions.user_id = ${userId} AND sessions.app_id = ${appId} AND ${live(now)}
      ORDER BY sessions.created_at DESC, sessions.id`),
  /** Deletes some of those whose absolute limit passed before `until`; how many. */
  async collect(until: number, limit: number): Promise<number> {
    const gone = await database.rows(sql`
      DELETE FROM sessions WHERE (user_id, id) IN (
        SELECT user_id, id FROM sessions WHERE absolute_at < ${until} ORDER BY absolute_at LIMIT ${limit})
      RETURNING id`)
    return gone.length
  },
  /**
   * Looks at the next `limit` rows after a place, and deletes those that ended before `until`, or that no user or epoch
   * of today holds.
   */
  async sweep(after: SessionKey | undefined, until: number, now: number, limit: number): Promise<Swept> {
    const from = after ? sql`(user_id, id) > (${after.user_id}, ${after.id})` : sql`1 = 1`
    const keys = sql`SELECT user_id, id FROM sessions WHERE ${from} ORDER BY user_id, id`
    // Not by the last key: of a range PostgreSQL can't tell that it is short, and would read everything.
    const slice = sql`(sessions.user_id, sessions.id) IN (${keys} LIMIT ${limit})`
    const [last] = await database.rows<SessionKey>(sql`${keys} LIMIT 1 OFFSET ${limit - 1}`)
    const counted = await database.rows<{ app_id: string; live: number }>(sql`
      SELECT app_id, count(*) AS live FROM sessions WHERE ${slice} AND ${live(now)} GROUP BY app_id`)
    await database.rows(sql`
      DELETE FROM sessions WHERE ${slice}
        AND (ended_at < ${until} OR active_at + inactivity < ${until}
          OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.epoch = sessions.user_epoch)
          OR EXISTS (SELECT 1 FROM apps a WHERE a.id = sessions.app_id AND a.not_before > sessions.created_at))`)
    return { last, live: counted }
  },
  /** Ends a session for good; false where it had ended. */
  async end(
    appId: string,
    userId: Buffer,
    id: Buffer,
    reason: 'revoked' | 'reused',
    event: Pick<NewEvent, 'type' | 'actor'>,
    now: number,
  ): Promise<boolean> {
    const ended = await database.together(
      sql`UPDATE sessions SET ended_at = ${now}, end_reason = ${reason}
          WHERE user_id = ${userId} AND id = ${id} AND app_id = ${appId} AND ended_at IS NULL RETURNING id`,
      record({ at: now, app_id: appId, user_id: userId, session_id: id, ...event }),
      announce({ at: now, app_id: appId, type: 'session', user_id: userId, session_id: id }),
    )
    return ended.length > 0
  },
})
