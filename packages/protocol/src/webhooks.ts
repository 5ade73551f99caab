import { z } from 'zod'
import { eventType, type EventType } from './activity.ts'

const DEFAULT_TYPES: readonly EventType[] = [
  'reuse',
  'stolen-token',
  'forked',
  'fast-forward',
  'revoke-all',
  'not-before',
  'deactivate',
  'passkey-added',
  'passkeys-replaced',
  'role-changed',
  'invitation-created',
  'key-rotated',
  'api-key-created',
  'api-key-deleted',
]

/**
 * The body that creates a webhook. `url`: where events are sent, with `https:`. `types`: which events; default: those that an
 * administrator should know of soon, such as `reuse` and `api-key-created`.
 *
 * @example
 * ```ts
 * import { newWebhook } from '@tokenkeep/protocol'
 *
 * const body = newWebhook.parse({ url: 'https://hooks.example.com/tokenkeep', types: ['reuse'] })
 * ```
 */
export const newWebhook = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), 'must not contain a password'),
  types: z
    .array(eventType)
    .min(1)
    .default([...DEFAULT_TYPES]),
})

/**
 * A webhook, without its secret. `created_at` is in Unix seconds.
 *
 * @example
 * ```ts
 * import { webhook } from '@tokenkeep/protocol'
 *
 * const urlOf = (body: unknown) => webhook.parse(body).url
 * ```
 */
export const webhook = z.object({
  id: z.string(),
  url: z.string(),
  types: z.array(eventType),
  created_at: z.number(),
  /** False once the receiver has answered 410: it wants no more. */
  active: z.boolean(),
})
/** A webhook, without its secret. */
export type Webhook = z.infer<typeof webhook>

/**
 * The webhooks of an app.
 *
 * @example
 * ```ts
 * import { webhooksReply } from '@tokenkeep/protocol'
 *
 * const { webhooks } = webhooksReply.parse({ webhooks: [] })
 * ```
 */
export const webhooksReply = z.object({ webhooks: z.array(webhook) })

/**
 * A new webhook. This is the only response that contains the secret, in the form of Standard Webhooks: `whsec_` and base64.
 *
 * @example
 * ```ts
 * import { webhookReply } from '@tokenkeep/protocol'
 *
 * const secretOf = (body: unknown) => webhookReply.parse(body).secret
 * ```
 */
export const webhookReply = z.object({ webhook, secret: z.string() })

/**
 * The log of a webhook: its last hundred deliveries, newest first. Times are in Unix seconds.
 *
 * @example
 * ```ts
 * import { deliveriesReply } from '@tokenkeep/protocol'
 *
 * const { deliveries } = deliveriesReply.parse({ deliveries: [] })
 * ```
 */
export const deliveriesReply = z.object({
  deliveries: z.array(
    z.object({
      /** The header `webhook-id`: the same at each try. */
      id: z.string(),
      event_id: z.string(),
      type: eventType,
      state: z.enum(['waiting', 'delivered', 'failed']),
      attempts: z.number(),
      last_attempt_at: z.number().optional(),
      next_attempt_at: z.number().optional(),
      /** The HTTP status of the last answer. Absent if there was none. */
      status: z.number().optional(),
      /** Why the last try failed. */
      error: z.string().optional(),
    }),
  ),
})
/** A delivery in the log of a webhook. */
export type Delivery = z.infer<typeof deliveriesReply>['deliveries'][number]
