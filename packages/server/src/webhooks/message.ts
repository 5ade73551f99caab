import { createHmac } from 'node:crypto'
import { toEventResponse } from '../http/to-response.ts'
import type { DueDelivery } from '../store/webhooks.ts'

/** The header `webhook-id`: the same at each try, so that a receiver can notice a repetition. */
const messageId = (deliveryId: number): string => `msg_${deliveryId}`

/** Writes the body and the headers of a delivery, by the specification Standard Webhooks 1.0.0. `now` is in milliseconds. */
export function toMessage(
  delivery: DueDelivery,
  secret: Buffer,
  now: number,
): { readonly body: string; readonly headers: Record<string, string> } {
  const { event_id, app_id } = delivery
  const { type, at, ...event } = toEventResponse({ ...delivery, id: event_id })
  const timestamp = new Date(at * 1000).toISOString()
  const body = JSON.stringify({ type, timestamp, data: { app_id, at, ...event } })
  const id = messageId(delivery.id)
  const seconds = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'tokenkeep',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${signature}`,
    },
  }
}
