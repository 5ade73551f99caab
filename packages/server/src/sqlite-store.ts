import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { migrations } from './schema.ts'
import type {
  App,
  EventType,
  Handshake,
  Passkey,
  Session,
  SessionInContext,
  SigningKeyRow,
  Store,
  User,
} from './store.ts'

type Row = Record<string, unknown>

/** Bytes come back as Uint8Array: make Buffers of them once, here. */
function take<T>(row: Row | undefined): T | undefined {
  if (row)
    for (const [key, value] of Object.entries(row))
      if (value instanceof Uint8Array)
        row[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return row as T | undefined
}

function migrate(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  const { user_version: done } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  for (const migration of migrations.slice(done)) database.exec(migration)
  database.exec(`PRAGMA user_version = ${migrations.length}`)
  database.exec('COMMIT')
}

/** Opens, and creates where needed, the database of a data folder. */
export function openSqlite(folder: string): Store {
  mkdirSync(folder, { recursive: true })
  const open = (synchronous: 'NORMAL' | 'FULL'): DatabaseSync => {
    const database = new DatabaseSync(join(folder, 'tokenkeep.db'), { timeout: 5000 })
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
    return database
  }
  // Two connections: what must not be lost is synced; a refresh heals itself when it is (generation ahead of the row).
  const durable = open('FULL')
  const fast = open('NORMAL')
  migrate(durable)

  const prepared = new Map([durable, fast].map((database) => [database, new Map<string, StatementSync>()]))
  const statement = (sql: string, database = durable): StatementSync => {
    const known = prepared.get(database)!
    let found = known.get(sql)
    if (!found) known.set(sql, (found = database.prepare(sql)))
    return found
  }
  const get = <T>(sql: string, ...values: SQLInputValue[]): T | undefined =>
    take<T>(statement(sql).get(...values))
  const all = <T>(sql: string, ...values: SQLInputValue[]): T[] =>
    statement(sql)
      .all(...values)
      .map((row) => take<T>(row)!)
  const run = (sql: string, ...values: SQLInputValue[]): boolean =>
    Number(statement(sql).run(...values).changes) > 0

  const record = (
    type: EventType,
    now: number,
    appId: string,
    userId: Buffer | null,
    sessionId: Buffer | null,
  ): void => {
    run(
      'INSERT INTO events (at, app_id, type, user_id, session_id) VALUES (?, ?, ?, ?, ?)',
      now,
      appId,
      type,
      userId,
      sessionId,
    )
  }
  /** A change and its event, both or neither. */
  const both = (change: () => boolean, event: () => void): boolean => {
    durable.exec('BEGIN IMMEDIATE')
    try {
      const changed = change()
      if (changed) event()
      durable.exec('COMMIT')
      return changed
    } catch (error) {
      durable.exec('ROLLBACK')
      throw error
    }
  }

  return {
    app(id) {
      const row = get<App & { refresh_enabled: unknown }>('SELECT * FROM apps WHERE id = ?', id)
      return row && { ...row, refresh_enabled: row.refresh_enabled === (1 as unknown) }
    },
    putApp(app) {
      run(
        `INSERT INTO apps (id, name, auth_origin, redirect_url, refresh_enabled, session_timeout_length,
           refresh_absolute_lifetime, refresh_inactivity_lifetime) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, auth_origin = excluded.auth_origin,
           redirect_url = excluded.redirect_url, refresh_enabled = excluded.refresh_enabled,
           session_timeout_length = excluded.session_timeout_length,
           refresh_absolute_lifetime = excluded.refresh_absolute_lifetime,
           refresh_inactivity_lifetime = excluded.refresh_inactivity_lifetime, version = version + 1`,
        app.id,
        app.name,
        app.auth_origin,
        app.redirect_url,
        Number(app.refresh_enabled),
        app.session_timeout_length,
        app.refresh_absolute_lifetime,
        app.refresh_inactivity_lifetime,
      )
    },
    changeSettings: (id, version, settings) =>
      both(
        () =>
          run(
            `UPDATE apps SET refresh_enabled = ?, session_timeout_length = ?, refresh_absolute_lifetime = ?,
               refresh_inactivity_lifetime = ?, version = version + 1 WHERE id = ? AND version = ?`,
            Number(settings.refresh_enabled),
            settings.session_timeout_length,
            settings.refresh_absolute_lifetime,
            settings.refresh_inactivity_lifetime,
            id,
            version,
          ),
        () => record('settings', Date.now(), id, null, null),
      ),
    signingKey: (appId) => get<SigningKeyRow>('SELECT * FROM signing_keys WHERE app_id = ?', appId),
    addSigningKey(appId, { kid, public_jwk, wrapped }, now) {
      run(
        'INSERT INTO signing_keys VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        kid,
        appId,
        public_jwk,
        wrapped,
        now,
      )
    },
    addApiKey: (appId, hash, now) => void run('INSERT INTO api_keys VALUES (?, ?, ?)', hash, appId, now),
    hasApiKey: (appId, hash) => !!get('SELECT 1 FROM api_keys WHERE hash = ? AND app_id = ?', hash, appId),
    user: (appId, id) => get<User>('SELECT * FROM users WHERE id = ? AND app_id = ?', id, appId),
    users(appId, identifier, limit, offset) {
      const where = 'FROM users WHERE app_id = ?1 AND (?2 IS NULL OR identifier = ?2)'
      const total = get<{ total: number }>(`SELECT count(*) AS total ${where}`, appId, identifier)!.total
      const page = `SELECT * ${where} ORDER BY created_at DESC, id LIMIT ?3 OFFSET ?4`
      return { users: all<User>(page, appId, identifier, limit, offset), total }
    },
    userByIdentifier: (appId, identifier) =>
      get<User>('SELECT * FROM users WHERE app_id = ? AND identifier = ?', appId, identifier),
    addUser: (appId, id, identifier, status, now) =>
      run(
        `INSERT INTO users (id, app_id, identifier, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
        id,
        appId,
        identifier,
        status,
        now,
        now,
      ),
    // Deactivating ends every session in the same row: the epoch moves on, and activating brings none back.
    setStatus: (appId, id, status, now) =>
      both(
        () =>
          run(
            `UPDATE users SET status = ?, epoch = epoch + (? = 'inactive'), updated_at = ? WHERE id = ? AND app_id = ?`,
            status,
            status,
            now,
            id,
            appId,
          ),
        () => record(status === 'inactive' ? 'deactivate' : 'activate', now, appId, id, null),
      ),
    revokeAll: (appId, id, now) =>
      both(
        () =>
          run(
            'UPDATE users SET epoch = epoch + 1, updated_at = ? WHERE id = ? AND app_id = ?',
            now,
            id,
            appId,
          ),
        () => record('revoke-all', now, appId, id, null),
      ),
    openSession: (session) =>
      both(
        () =>
          run(
            `INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
               absolute_at, inactivity)
             SELECT id, ?, app_id, epoch, ?, ?, ?, ?, ?, ?, ? FROM users WHERE id = ? AND app_id = ? AND status = 'active'`,
            session.id,
            session.generation,
            session.rotated_at,
            session.active_at,
            session.attempts,
            session.created_at,
            session.absolute_at,
            session.inactivity,
            session.user_id,
            session.app_id,
          ) &&
          run(
            'UPDATE users SET last_login_at = ?, login_count = login_count + 1 WHERE id = ?',
            session.created_at,
            session.user_id,
          ),
        () => record('sign-in', session.created_at, session.app_id, session.user_id, session.id),
      ),
    rotate(rotation) {
      const sql = `
        UPDATE sessions SET generation = :next, rotated_at = :now,
          active_at = CASE WHEN :background THEN active_at ELSE :now END,
          attempts = substr(attempts, 1, :slot) || :attempt || substr(attempts, :slot + 17)
        FROM users u
        WHERE sessions.user_id = :user AND sessions.id = :session AND sessions.app_id = :app
          AND generation = :generation AND ended_at IS NULL
          AND absolute_at > :now AND sessions.created_at + :absolute > :now
          AND active_at + min(inactivity, :inactivity) > :now
          AND u.id = sessions.user_id AND u.epoch = sessions.user_epoch AND u.status = 'active'
        RETURNING user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at, absolute_at,
          inactivity, ended_at, end_reason`
      const values = {
        next: rotation.next,
        now: rotation.now,
        background: Number(rotation.background),
        slot: ((rotation.next - 1) % 8) * 16,
        attempt: rotation.attempt,
        user: rotation.userId,
        session: rotation.sessionId,
        app: rotation.appId,
        generation: rotation.generation,
        absolute: rotation.absolute,
        inactivity: rotation.inactivity,
      }
      if (rotation.next === rotation.generation + 1) return take<Session>(statement(sql, fast).get(values))
      // A jump over lost generations is rare, and leaves an event.
      const { appId, userId, sessionId, now } = rotation
      let jumped: Row | undefined
      both(
        () => (jumped = statement(sql).get(values)) !== undefined,
        () => record('fast-forward', now, appId, userId, sessionId),
      )
      return take<Session>(jumped)
    },
    session: (appId, userId, id) =>
      get<SessionInContext>(
        `SELECT s.*, u.epoch AS epoch_now, u.status FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.user_id = ? AND s.id = ? AND s.app_id = ?`,
        userId,
        id,
        appId,
      ),
    sessions: (appId, userId, now) =>
      all<Session>(
        `SELECT s.* FROM sessions s JOIN users u ON u.id = s.user_id AND u.epoch = s.user_epoch
         WHERE s.user_id = ? AND s.app_id = ? AND ended_at IS NULL AND absolute_at > ? AND active_at + inactivity > ?
         ORDER BY s.created_at DESC`,
        userId,
        appId,
        now,
        now,
      ),
    endSession: (appId, userId, id, reason, now, event) =>
      both(
        () =>
          run(
            `UPDATE sessions SET ended_at = ?, end_reason = ?
             WHERE user_id = ? AND id = ? AND app_id = ? AND ended_at IS NULL`,
            now,
            reason,
            userId,
            id,
            appId,
          ),
        () => record(event, now, appId, userId, id),
      ),
    addFirstPasskey: (appId, { id, user_id, public_key, counter }, now) =>
      both(
        () =>
          run(
            `INSERT INTO passkeys SELECT ?, app_id, id, ?, ?, ? FROM users
             WHERE id = ? AND app_id = ? AND status = 'pending' ON CONFLICT DO NOTHING`,
            id,
            public_key,
            counter,
            now,
            user_id,
            appId,
          ) && run(`UPDATE users SET status = 'active', updated_at = ? WHERE id = ?`, now, user_id),
        () => record('activate', now, appId, user_id, null),
      ),
    passkey: (appId, id) => get<Passkey>('SELECT * FROM passkeys WHERE id = ? AND app_id = ?', id, appId),
    passkeys: (appId, userId) =>
      all<Passkey>('SELECT * FROM passkeys WHERE user_id = ? AND app_id = ?', userId, appId),
    usePasskey: (id, counter) => void run('UPDATE passkeys SET counter = ? WHERE id = ?', counter, id),
    addHandshake({ id, app_id, purpose, user_id, challenge, expires_at }) {
      // Old ones go with the new: nothing else ever looks at them.
      run('DELETE FROM handshakes WHERE expires_at < ?', expires_at - 3_600_000)
      run(
        'INSERT INTO handshakes VALUES (?, ?, ?, ?, ?, ?)',
        id,
        app_id,
        purpose,
        user_id,
        challenge,
        expires_at,
      )
    },
    takeHandshake: (id, now) =>
      get<Handshake>('DELETE FROM handshakes WHERE id = ? AND expires_at > ? RETURNING *', id, now),
    probe: (now) =>
      void run('INSERT INTO probe VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at', now),
    close() {
      durable.close()
      fast.close()
    },
  }
}
