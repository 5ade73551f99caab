import { z } from 'zod'

/**
 * The types of events in the audit trail.
 *
 * @example
 * ```ts
 * import { eventType } from '@tokenkeep/protocol'
 *
 * const type = eventType.parse('sign-in')
 * ```
 */
export const eventType = z.enum([
  'sign-in',
  'reauthenticated',
  'sign-out',
  'session-ended',
  'reuse',
  'stolen-token',
  'forked',
  'fast-forward',
  'revoke-all',
  'revoke-others',
  'not-before',
  'deactivate',
  'activate',
  'user-created',
  'user-updated',
  'user-deleted',
  'role-changed',
  'passkey-added',
  'passkey-removed',
  'passkeys-replaced',
  'claim-withdrawn',
  'invitation-created',
  'invitation-withdrawn',
  'settings',
  'key-rotated',
  'api-key-created',
  'api-key-deleted',
  'app-created',
  'webhook-created',
  'webhook-deleted',
])
/** The type of an event in the audit trail. */
export type EventType = z.infer<typeof eventType>

/**
 * An entry of the audit trail. `at` is in Unix seconds.
 *
 * @example
 * ```ts
 * import { event } from '@tokenkeep/protocol'
 *
 * const entry = event.parse({ id: '1', at: 1_700_000_000, type: 'sign-in', actor: 'user' })
 * ```
 */
export const event = z.object({
  id: z.string(),
  at: z.number(),
  type: eventType,
  user_id: z.string().optional(),
  /** The user's identifier at that time. */
  identifier: z.string().optional(),
  session_id: z.string().optional(),
  /** Who did it: `user`, `system`, `api-key:<id>` or `admin:<id>`. */
  actor: z.string().optional(),
  /** The name of the API key, or the identifier of the admin, at that time. Somebody else can have it later. */
  actor_name: z.string().optional(),
  /** The address and the user agent of the request. Absent if the server did it by itself. */
  ip: z.string().optional(),
  user_agent: z.string().optional(),
  /** The id of the request, as in the server's log. */
  request_id: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})
/** An entry of the audit trail. */
export type Event = z.infer<typeof event>

/**
 * The query string of `GET /events`. `from` (included) and `to` (not included) are in Unix seconds. `type` can be
 * repeated. `limit`: 1 to 500, default 100. `cursor`: the `next_cursor` of the previous page.
 *
 * @example
 * ```ts
 * import { eventsQuery } from '@tokenkeep/protocol'
 *
 * const { limit } = eventsQuery.parse({ type: ['sign-in'], from: '1700000000' })
 * ```
 */
export const eventsQuery = z.object({
  type: z.array(eventType).optional(),
  user_id: z.string().optional(),
  session_id: z.string().optional(),
  /** Who did it, as in the event: `api-key:<id>`, `admin:<id>`, `user` or `system`. */
  actor: z.string().max(200).optional(),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.coerce.number().int().min(0).optional(),
})

const ended = z.object({
  id: z.string(),
  at: z.number(),
  /** When the last auth token that it concerns has expired. Absent from servers before 0.2: ten minutes after `at`. */
  expires_at: z.number().optional(),
})

/**
 * An entry of the revocation feed: a session, the earlier sessions of a user, or the earlier sessions of an app have
 * ended, or signing keys were dropped. `id` is a cursor: the feed resumes after this entry. Times are in Unix seconds.
 *
 * @example
 * ```ts
 * import { revocation } from '@tokenkeep/protocol'
 *
 * const entry = revocation.parse({ id: '7.1', at: 1_700_000_000, type: 'app', not_before: 1_700_000_000 })
 * ```
 */
export const revocation = z.discriminatedUnion('type', [
  ended.extend({ type: z.literal('session'), session_id: z.string(), user_id: z.string() }),
  ended.extend({
    type: z.literal('user'),
    user_id: z.string(),
    /** Auth tokens with a lower `epoch` are revoked. */
    epoch: z.number(),
    /** The session whose auth tokens are not revoked. */
    except: z.string().optional(),
  }),
  /** Auth tokens with an earlier `auth_time` are revoked. */
  ended.extend({ type: z.literal('app'), not_before: z.number() }),
  /** Auth tokens that these signing keys signed are revoked: the keys may be stolen. */
  ended.extend({ type: z.literal('keys'), kids: z.array(z.string()) }),
])
/** An entry of the revocation feed. */
export type Revocation = z.infer<typeof revocation>

/**
 * A page of the revocation feed, oldest first. An entry can come twice. No entry is lost.
 *
 * @example
 * ```ts
 * import { revocations } from '@tokenkeep/protocol'
 *
 * const page = revocations.parse({ revocations: [], cursor: '7', window: 600 })
 * ```
 */
export const revocations = z.object({
  revocations: z.array(revocation),
  /** The value of `since` for the next page. */
  cursor: z.string(),
  /** How many seconds every entry stays in the feed. An entry of a longer auth token stays longer: see its `expires_at`. */
  window: z.number(),
})
/** A page of the revocation feed. */
export type Revocations = z.infer<typeof revocations>

/**
 * The query string of `GET /statistics`. `from` (included) and `to` (not included) are in Unix seconds. `step` is in
 * seconds, a multiple of 60; default 3600.
 *
 * @example
 * ```ts
 * import { statisticsQuery } from '@tokenkeep/protocol'
 *
 * const { step } = statisticsQuery.parse({ step: '60' })
 * ```
 */
export const statisticsQuery = z.object({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  step: z.coerce.number().int().min(60).max(31_536_000).multipleOf(60).default(3600),
})

/**
 * The counts of one step, which begins at `at` (Unix seconds) and lasts `step` seconds.
 *
 * @example
 * ```ts
 * import { point } from '@tokenkeep/protocol'
 *
 * const counts = { sign_ins: 1, refreshes: 9, replays: 0, reuses: 0, fast_forwards: 0, refusals: 0, sign_outs: 0 }
 * const sample = point.parse({ at: 1_700_000_000, ...counts, live_sessions: 4 })
 * ```
 */
export const point = z.object({
  at: z.number(),
  sign_ins: z.number(),
  refreshes: z.number(),
  replays: z.number(),
  reuses: z.number(),
  fast_forwards: z.number(),
  refusals: z.number(),
  sign_outs: z.number(),
  /** The highest number of live sessions that was sampled. Absent if there is no sample. */
  live_sessions: z.number().optional(),
})
/** The statistics of one step. */
export type Point = z.infer<typeof point>
