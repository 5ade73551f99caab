import { z } from 'zod'

export const eventType = z.enum([
  'sign-in',
  'sign-out',
  'session-ended',
  'reuse',
  'fast-forward',
  'revoke-all',
  'revoke-others',
  'not-before',
  'deactivate',
  'activate',
  'user-created',
  'user-updated',
  'user-deleted',
  'passkey-added',
  'passkey-removed',
  'settings',
  'key-rotated',
  'api-key-created',
  'api-key-deleted',
  'app-created',
])
export type EventType = z.infer<typeof eventType>

/** One line of the audit trail. `at` is Unix seconds. */
export const event = z.object({
  id: z.string(),
  at: z.number(),
  type: eventType,
  user_id: z.string().optional(),
  /** What the user was called at that time. */
  identifier: z.string().optional(),
  session_id: z.string().optional(),
  /** `user`, `system`, `api-key:<id>` or `admin:<identifier>`. */
  actor: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})
export type Event = z.infer<typeof event>

/** Times are Unix seconds; `from` counts in, `to` does not. `type` may repeat. */
export const eventsQuery = z.object({
  type: z.array(eventType).optional(),
  user_id: z.string().optional(),
  session_id: z.string().optional(),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.coerce.number().int().min(0).optional(),
})

const ended = z.object({ id: z.string(), at: z.number() })
/** Something that ended within the feed's window. `id` is a cursor to resume after it. Times are Unix seconds. */
export const revocation = z.discriminatedUnion('type', [
  ended.extend({ type: z.literal('session'), session_id: z.string(), user_id: z.string() }),
  ended.extend({
    type: z.literal('user'),
    user_id: z.string(),
    /** Auth tokens with a lower `epoch` are over. */
    epoch: z.number(),
    /** But not those of this session. */
    except: z.string().optional(),
  }),
  /** Auth tokens with an earlier `auth_time` are over. */
  ended.extend({ type: z.literal('app'), not_before: z.number() }),
])
export type Revocation = z.infer<typeof revocation>

/** Oldest first. An entry may come twice, and none is lost. */
export const revocations = z.object({
  revocations: z.array(revocation),
  /** For `since`, next time. */
  cursor: z.string(),
  /** How many seconds back this can tell. */
  window: z.number(),
})
export type Revocations = z.infer<typeof revocations>

/** Unix seconds, and a step in seconds: a multiple of 60. */
export const statisticsQuery = z.object({
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  step: z.coerce.number().int().min(60).max(31_536_000).multipleOf(60).default(3600),
})
/** What happened in the `step` seconds from `at`. */
export const point = z.object({
  at: z.number(),
  sign_ins: z.number(),
  refreshes: z.number(),
  replays: z.number(),
  reuses: z.number(),
  fast_forwards: z.number(),
  refusals: z.number(),
  sign_outs: z.number(),
  /** The most that were seen live at once; absent where nobody looked. */
  live_sessions: z.number().optional(),
})
export type Point = z.infer<typeof point>
