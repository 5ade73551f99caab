import type { EventType } from '@tokenkeep/protocol'
import { parseId } from './ids.ts'
import { sql, type Database, type Statement } from './database.ts'

/** Who did something, and from where. Names can be given to somebody else later, so the id counts. */
export interface Source {
  /** `user`, `system`, `api-key:<id>` or `admin:<id>`. */
  readonly actor: string
  /** The identifier of the admin, or the name of the API key, at that time. */
  readonly actor_name?: string | undefined
  /** Null if unknown. */
  readonly ip: string | null
  readonly user_agent: string | null
  /** The id of the request, as in the log. */
  readonly request_id: string
}
/** A text stands for an actor without a request: a command, or the server itself. */
export type Actor = string | Source

const sourceOf = (actor: Actor): Partial<Source> & Pick<Source, 'actor'> =>
  typeof actor === 'string' ? { actor } : actor
/** The id of the API key or of the admin. Undefined for others. */
export const actorId = (actor: Actor): Buffer | undefined =>
  parseId(sourceOf(actor).actor.split(':')[1] ?? '')
/** The actor as text, without a name. */
export const actorText = (actor: Actor): string => sourceOf(actor).actor

export interface NewEvent {
  readonly at: number
  readonly app_id: string
  readonly type: EventType
  readonly user_id?: Buffer
  readonly session_id?: Buffer
  readonly actor: Actor
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
  readonly actor_name: string | null
  readonly ip: string | null
  readonly user_agent: string | null
  readonly request_id: string | null
  readonly data: string | null
}

/** Inserts an event with the user's current identifier, so that the event stays readable after the user is deleted. */
export const insertEvent = ({ at, app_id, type, user_id, session_id, data, ...by }: NewEvent): Statement => {
  const { actor, actor_name = null, ip = null, user_agent = null, request_id = null } = sourceOf(by.actor)
  return sql`
  INSERT INTO events (at, app_id, type, user_id, identifier, session_id, actor, actor_name, ip, user_agent, request_id, data)
  VALUES (${at}, ${app_id}, ${type}, ${user_id ?? null},
    ${user_id ? sql`(SELECT identifier FROM users WHERE id = ${user_id})` : null},
    ${session_id ?? null}, ${actor}, ${actor_name}, ${ip}, ${user_agent}, ${request_id},
    ${data ? JSON.stringify(data) : null})`
}

export interface EventFilter {
  readonly types?: readonly EventType[] | undefined
  readonly userId?: Buffer | undefined
  readonly sessionId?: Buffer | undefined
  readonly actor?: string | undefined
  /** Milliseconds since the epoch. `from` is included, `to` is not. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Only events with a lower id. */
  readonly before?: number | undefined
  readonly limit: number
}

const EMPTY = sql``

export const events = (database: Database) => ({
  /** Adds an event that nothing else is stored with. */
  async add(event: NewEvent): Promise<void> {
    await database.query(insertEvent(event))
  },
  /** Lists events, newest first. */
  list: (
    appId: string,
    { types, userId, sessionId, actor, from, to, before, limit }: EventFilter,
  ): Promise<Event[]> =>
    database.query<Event>(sql`
      SELECT id, at, type, user_id, identifier, session_id, actor, actor_name, ip, user_agent, request_id, data FROM events
      WHERE app_id = ${appId}
        ${types?.length ? sql`AND type IN (${types.slice(1).reduce((list, type) => sql`${list}, ${type}`, sql`${types[0]!}`)})` : EMPTY}
        ${userId ? sql`AND user_id = ${userId}` : EMPTY}
        ${sessionId ? sql`AND session_id = ${sessionId}` : EMPTY}
        ${actor === undefined ? EMPTY : sql`AND actor = ${actor}`}
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
