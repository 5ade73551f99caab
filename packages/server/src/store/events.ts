import type { EventType } from '@tokenkeep/protocol'
import { sql, type Database, type Statement } from './database.ts'

export interface NewEvent {
  readonly at: number
  readonly app_id: string
  readonly type: EventType
  readonly user_id?: Buffer
  readonly session_id?: Buffer
  /** `user`, `system`, `api-key:<id>` or `admin:<identifier>`. */
  readonly actor: string
  readonly data?: object
}

export interface Event {
  readonly id: number
  readonly at: number
  readonly type: EventType
  readonly user_id: Buffer | null
  readonly identifier: string | null
  readonly session_id: Buffer | null
  readonly actor: string | null
  readonly data: string | null
}

/** Inserts an event with the user's current identifier, so that the event stays readable after the user is deleted. */
export const insertEvent = ({
  at,
  app_id,
  type,
  user_id,
  session_id,
  actor,
  data,
}: NewEvent): Statement => sql`
  INSERT INTO events (at, app_id, type, user_id, identifier, session_id, actor, data)
  VALUES (${at}, ${app_id}, ${type}, ${user_id ?? null},
    ${user_id ? sql`(SELECT identifier FROM users WHERE id = ${user_id})` : null},
    ${session_id ?? null}, ${actor}, ${data ? JSON.stringify(data) : null})`

export interface EventFilter {
  readonly types?: readonly EventType[] | undefined
  readonly userId?: Buffer | undefined
  readonly sessionId?: Buffer | undefined
  /** Milliseconds since the epoch. `from` is included, `to` is not. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Only events with a lower id. */
  readonly before?: number | undefined
  readonly limit: number
}

const EMPTY = sql``

export const events = (database: Database) => ({
  /** Lists events, newest first. */
  list: (
    appId: string,
    { types, userId, sessionId, from, to, before, limit }: EventFilter,
  ): Promise<Event[]> =>
    database.query<Event>(sql`
      SELECT id, at, type, user_id, identifier, session_id, actor, data FROM events
      WHERE app_id = ${appId}
        ${types?.length ? sql`AND type IN (${types.slice(1).reduce((list, type) => sql`${list}, ${type}`, sql`${types[0]!}`)})` : EMPTY}
        ${userId ? sql`AND user_id = ${userId}` : EMPTY}
        ${sessionId ? sql`AND session_id = ${sessionId}` : EMPTY}
        ${from === undefined ? EMPTY : sql`AND at >= ${from}`}
        ${to === undefined ? EMPTY : sql`AND at < ${to}`}
        ${before === undefined ? EMPTY : sql`AND id < ${before}`}
      ORDER BY id DESC LIMIT ${limit}`),
  /** Deletes up to `limit` events older than `until` (milliseconds). Returns how many. */
  async deleteBefore(until: number, limit: number): Promise<number> {
    const deleted = await database.queryInBackground(sql`
      DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ${until} ORDER BY at LIMIT ${limit}) RETURNING id`)
    return deleted.length
  },
})
