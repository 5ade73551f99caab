import { sql, type Database } from './database.ts'
import { endedSessions } from './ended-sessions.ts'
import { insertEvent, type NewEvent, type Actor } from './events.ts'
import { isLive } from './live-session.ts'
import { insertRevocation } from './revocations.ts'
import {
  EMPTY_SLOT,
  LOST_SLOT,
  RING_SLOTS,
  SLOT_LENGTH,
  type AuthenticatedSession,
  type Authentication,
  type NewSession,
  type RotatedSession,
  type Rotation,
  type Session,
  type SessionInContext,
} from './session-row.ts'

const columns = sql`sessions.user_id, sessions.id, sessions.app_id, sessions.user_epoch, sessions.generation,
  sessions.rotated_at, sessions.active_at, sessions.attempts, sessions.created_at, sessions.absolute_at,
  sessions.inactivity, sessions.ended_at, sessions.end_reason, sessions.ip, sessions.user_agent, sessions.jkt,
  sessions.auth_time, sessions.amr, sessions.acr`

export const sessions = (database: Database) => ({
  ...endedSessions(database),
  /** Opens a session. Returns undefined, and changes nothing, if the user is not active. */
  async open(session: NewSession, actor: Actor): Promise<Session | undefined> {
    const { user_id, id, app_id, created_at } = session
    const [opened] = await database.transaction<Session>(
      // `not_before` is the end of the second in which all sessions ended: a sign-in in that second counts from its end.
      sql`INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
            absolute_at, inactivity, ip, user_agent, jkt, auth_time, amr, acr)
          SELECT u.id, ${id}, u.app_id, u.epoch, 0, ${session.rotated_at}, ${session.active_at}, ${session.attempts},
            CASE WHEN a.not_before > ${created_at} THEN a.not_before ELSE ${created_at} END,
            ${session.absolute_at}, ${session.inactivity}, ${session.ip}, ${session.user_agent}, ${session.jkt ?? null},
            ${session.auth_time ?? null}, ${session.amr ?? null}, ${session.acr ?? null}
          FROM users u, apps a WHERE u.id = ${user_id} AND u.app_id = ${app_id} AND u.status = 'active' AND a.id = u.app_id
          RETURNING ${columns}`,
      sql`UPDATE users SET last_login_at = ${created_at}, login_count = login_count + 1
          WHERE id = ${user_id} AND app_id = ${app_id}`,
      insertEvent({ at: created_at, app_id, type: 'sign-in', user_id, session_id: id, actor }),
    )
    return opened
  },
  /**
   * Refreshes a session in one statement. Returns undefined if the session is not live at that generation, or if one of its
   * last eight rotations named the same retry id, unless it may repeat, or if it is bound to another key.
   */
  async rotate(rotation: Rotation): Promise<RotatedSession | undefined> {
    const {
      appId,
      userId,
      sessionId,
      generation,
      nextGeneration,
      retryIdHash,
      mayRepeat,
      jkt,
      background,
      actor,
      now,
    } = rotation
    const jump = nextGeneration > generation + 1
    const slot = ((nextGeneration - 1) % RING_SLOTS) * SLOT_LENGTH
    const ring = jump ? sql`${LOST_SLOT.repeat(RING_SLOTS)}` : sql`attempts`
    const isUnused =
      mayRepeat || retryIdHash === EMPTY_SLOT ? sql`` : sql`AND attempts NOT LIKE ${`%${retryIdHash}%`}`
    const isOfKey = jkt === undefined ? sql`jkt IS NULL` : sql`(jkt IS NULL OR jkt = ${jkt})`
    const update = sql`
      UPDATE sessions SET generation = ${nextGeneration}, rotated_at = ${now},
        ${background ? sql`` : sql`active_at = ${now},`} ${jkt === undefined ? sql`` : sql`jkt = ${jkt},`}
        attempts = substr(${ring}, 1, ${slot}) || ${retryIdHash} || substr(${ring}, ${slot + SLOT_LENGTH + 1})
      WHERE sessions.user_id = ${userId} AND sessions.id = ${sessionId} AND sessions.app_id = ${appId}
        AND sessions.generation = ${generation} ${isUnused} AND ${isOfKey} AND ${isLive(now)}
        AND EXISTS (SELECT 1 FROM apps a WHERE a.id = sessions.app_id AND a.refresh_enabled = 1)
      RETURNING user_epoch, active_at, created_at, absolute_at, inactivity, jkt, auth_time, amr, acr`
    type Row = Omit<RotatedSession, 'user_id' | 'id' | 'generation'>
    const rotated = (row: Row | undefined): RotatedSession | undefined =>
      row && {
        user_id: userId,
        id: sessionId,
        user_epoch: row.user_epoch,
        generation: nextGeneration,
        active_at: row.active_at,
        created_at: row.created_at,
        absolute_at: row.absolute_at,
        inactivity: row.inactivity,
        jkt: row.jkt,
        auth_time: row.auth_time,
        amr: row.amr,
        acr: row.acr,
      }
    if (!jump) return rotated((await database.queryUnsynced<Row>(update))[0])
    // A jump over lost generations is rare, so it is recorded in the audit trail.
    const [session] = await database.transaction<Row>(
      update,
      insertEvent({
        at: now,
        app_id: appId,
        type: 'fast-forward',
        user_id: userId,
        session_id: sessionId,
        actor,
        data: { from: generation, to: nextGeneration },
      }),
    )
    return rotated(session)
  },
  /** Binds a live session to a key without a rotation. Returns false if it is bound, or at another generation by now. */
  async bind({ user_id, id, app_id, generation }: Session, jkt: string, now: number): Promise<boolean> {
    const bound = await database.query(sql`
      UPDATE sessions SET jkt = ${jkt} WHERE user_id = ${user_id} AND id = ${id} AND app_id = ${app_id}
        AND generation = ${generation} AND jkt IS NULL AND ${isLive(now)} RETURNING jkt`)
    return bound.length > 0
  },
  /**
   * Records that the user of a live session has authenticated again, which is activity too. Returns the session's new
   * authentication, or undefined if the session is not live. The time never moves back: the clock of a replica can be behind.
   */
  async reauthenticate(
    { app_id, user_id, id }: Pick<Session, 'app_id' | 'user_id' | 'id'>,
    { time, amr, acr }: Authentication,
    actor: Actor,
  ): Promise<AuthenticatedSession | undefined> {
    const before = sql`coalesce(auth_time, created_at)`
    const [recorded] = await database.transaction<AuthenticatedSession>(
      sql`UPDATE sessions SET amr = ${amr}, acr = ${acr},
            auth_time = CASE WHEN ${before} > ${time} THEN ${before} ELSE ${time} END,
            active_at = CASE WHEN active_at > ${time} THEN active_at ELSE ${time} END
          WHERE user_id = ${user_id} AND id = ${id} AND app_id = ${app_id} AND ${isLive(time)}
          RETURNING created_at, auth_time, amr, acr`,
      insertEvent({ at: time, app_id, type: 'reauthenticated', user_id, session_id: id, actor }),
    )
    return recorded
  },
  /** Moves the inactivity deadline of a live session. */
  async recordActivity({ user_id, id, app_id }: Session, now: number): Promise<void> {
    await database.queryUnsynced(sql`
      UPDATE sessions SET active_at = ${now}
      WHERE user_id = ${user_id} AND id = ${id} AND app_id = ${app_id} AND active_at < ${now} AND ${isLive(now)}`)
  },
  async find(appId: string, userId: Buffer, id: Buffer): Promise<SessionInContext | undefined> {
    const [session] = await database.query<SessionInContext>(sql`
      SELECT ${columns}, u.epoch AS epoch_now, u.status,
        a.not_before, a.refresh_enabled, a.refresh_absolute_lifetime, a.refresh_inactivity_lifetime
      FROM sessions JOIN users u ON u.id = sessions.user_id JOIN apps a ON a.id = sessions.app_id
      WHERE sessions.user_id = ${userId} AND sessions.id = ${id} AND sessions.app_id = ${appId}`)
    return session
  },
  /** Lists the live sessions of a user, newest first. */
  list: (appId: string, userId: Buffer, now: number): Promise<Session[]> =>
    database.query<Session>(sql`
      SELECT ${columns} FROM sessions
      WHERE sessions.user_id = ${userId} AND sessions.app_id = ${appId} AND ${isLive(now)}
      ORDER BY sessions.created_at DESC, sessions.id`),
  /** Ends a session permanently. Returns false if it had ended before. */
  async end(
    appId: string,
    userId: Buffer,
    id: Buffer,
    reason: 'revoked' | 'reused',
    event: Pick<NewEvent, 'type' | 'actor' | 'data'>,
    now: number,
  ): Promise<boolean> {
    const ended = await database.transaction(
      sql`UPDATE sessions SET ended_at = ${now}, end_reason = ${reason}
          WHERE user_id = ${userId} AND id = ${id} AND app_id = ${appId} AND ended_at IS NULL RETURNING id`,
      insertEvent({ at: now, app_id: appId, user_id: userId, session_id: id, ...event }),
      insertRevocation({ at: now, app_id: appId, type: 'session', user_id: userId, session_id: id }),
    )
    return ended.length > 0
  },
})
