import type { EventType } from '@tokenkeep/protocol'
import { sql, type Database, type Statement } from './database.ts'
import { insertEvent, type Actor, type Event } from './events.ts'
import { formatId } from './ids.ts'

/** Where events of an app are sent. */
export interface Webhook {
  readonly id: Buffer
  readonly app_id: string
  readonly url: string
  /** JSON. */
  readonly types: string
  /** The secret, encrypted under the master key. */
  readonly wrapped: Buffer
  readonly active: 0 | 1
  readonly created_at: number
  /** Events up to this time have a delivery. Milliseconds since the epoch. */
  readonly collected_at: number
}
export type NewWebhook = Pick<Webhook, 'id' | 'url' | 'wrapped'> & { readonly types: readonly EventType[] }

/** One event for one webhook. Times are milliseconds since the epoch. */
export interface Delivery {
  readonly id: number
  readonly event_id: number
  readonly type: EventType
  readonly attempts: number
  /** Null: it is done, or given up. */
  readonly next_at: number | null
  readonly last_at: number | null
  readonly status: number | null
  readonly error: string | null
}
/** A delivery whose time has come, with its event and its webhook. */
export type DueDelivery = Omit<Event, 'id'> &
  Pick<Delivery, 'id' | 'event_id' | 'attempts'> &
  Pick<Webhook, 'app_id' | 'url' | 'wrapped'> & { readonly webhook_id: Buffer }

/** What a try brought. `nextAt`: when to try again; null if not. */
export interface Attempt {
  readonly status: number | null
  readonly error: string | null
  readonly nextAt: number | null
}

/** An event can be committed this long after its time, and the clocks of two servers can differ by as much. */
const OVERLAP_MS = 120_000

const anyOf = (types: readonly string[]): Statement =>
  types.slice(1).reduce((list, type) => sql`${list}, ${type}`, sql`${types[0]!}`)

export const webhooks = (database: Database) => ({
  async add(
    appId: string,
    { id, url, types, wrapped }: NewWebhook,
    actor: Actor,
    now: number,
  ): Promise<void> {
    await database.transaction(
      sql`INSERT INTO tokenkeep_webhooks (id, app_id, url, types, wrapped, created_at, collected_at)
          VALUES (${id}, ${appId}, ${url}, ${JSON.stringify(types)}, ${wrapped}, ${now}, ${now}) RETURNING id`,
      insertEvent({
        at: now,
        app_id: appId,
        type: 'webhook-created',
        actor,
        data: { id: formatId(id), url },
      }),
    )
  },
  list: (appId: string): Promise<Webhook[]> =>
    database.query<Webhook>(
      sql`SELECT * FROM tokenkeep_webhooks WHERE app_id = ${appId} ORDER BY created_at, id`,
    ),
  /** Lists the webhooks of all apps. */
  listAll: (): Promise<Webhook[]> =>
    database.query<Webhook>(sql`SELECT * FROM tokenkeep_webhooks ORDER BY id`),
  async remove(appId: string, id: Buffer, actor: Actor, now: number): Promise<boolean> {
    const removed = await database.transaction(
      sql`DELETE FROM tokenkeep_webhooks WHERE app_id = ${appId} AND id = ${id} RETURNING id`,
      sql`DELETE FROM tokenkeep_deliveries WHERE webhook_id = ${id}`,
      insertEvent({ at: now, app_id: appId, type: 'webhook-deleted', actor, data: { id: formatId(id) } }),
    )
    return removed.length > 0
  },
  /** The receiver wants no more. Deliveries that wait are given up. */
  async deactivate(id: Buffer): Promise<void> {
    await database.transaction(
      sql`UPDATE tokenkeep_webhooks SET active = 0 WHERE id = ${id} RETURNING id`,
      sql`UPDATE tokenkeep_deliveries SET next_at = NULL WHERE webhook_id = ${id}`,
    )
  },
  /** Makes a delivery for each new event. Doing it twice makes none twice. */
  async collect({ id, app_id, types, created_at, collected_at }: Webhook, now: number): Promise<void> {
    const since = Math.max(created_at, collected_at - OVERLAP_MS)
    await database.query(sql`
      INSERT INTO tokenkeep_deliveries (webhook_id, event_id, next_at)
      SELECT ${id}, e.id, ${now} FROM events e
      WHERE e.app_id = ${app_id} AND e.at >= ${since} AND e.type IN (${anyOf(JSON.parse(types) as string[])})
      ON CONFLICT DO NOTHING`)
    await database.query(sql`UPDATE tokenkeep_webhooks SET collected_at = ${now} WHERE id = ${id}`)
  },
  /** Lists up to `limit` deliveries whose time has come, oldest first. */
  due: (now: number, limit: number): Promise<DueDelivery[]> =>
    database.query<DueDelivery>(sql`
      SELECT d.id, d.event_id, d.attempts, d.webhook_id, w.app_id, w.url, w.wrapped,
        e.at, e.type, e.user_id, e.identifier, e.session_id, e.actor, e.actor_name, e.ip, e.user_agent, e.request_id, e.data
      FROM tokenkeep_deliveries d JOIN tokenkeep_webhooks w ON w.id = d.webhook_id JOIN events e ON e.id = d.event_id
      WHERE d.next_at <= ${now} ORDER BY d.next_at, d.id LIMIT ${limit}`),
  async record(id: number, { status, error, nextAt }: Attempt, now: number): Promise<void> {
    await database.query(sql`
      UPDATE tokenkeep_deliveries SET attempts = attempts + 1, last_at = ${now}, status = ${status}, error = ${error},
        next_at = ${nextAt} WHERE id = ${id}`)
  },
  /** Lists the last deliveries of a webhook, newest first. */
  deliveries: (id: Buffer, limit: number): Promise<Delivery[]> =>
    database.query<Delivery>(sql`
      SELECT d.id, d.event_id, e.type, d.attempts, d.next_at, d.last_at, d.status, d.error
      FROM tokenkeep_deliveries d JOIN events e ON e.id = d.event_id
      WHERE d.webhook_id = ${id} ORDER BY d.id DESC LIMIT ${limit}`),
  /** Deletes up to `limit` deliveries whose events are gone. Returns how many. */
  async deleteOrphans(limit: number): Promise<number> {
    const deleted = await database.queryInBackground(sql`
      DELETE FROM tokenkeep_deliveries WHERE id IN (
        SELECT d.id FROM tokenkeep_deliveries d WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = d.event_id) LIMIT ${limit})
      RETURNING id`)
    return deleted.length
  },
  /** Stores the same secret encrypted under another master key. */
  async rewrap(id: Buffer, before: Buffer, wrapped: Buffer): Promise<void> {
    await database.query(
      sql`UPDATE tokenkeep_webhooks SET wrapped = ${wrapped} WHERE id = ${id} AND wrapped = ${before}`,
    )
  },
})
