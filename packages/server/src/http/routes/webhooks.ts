import { newWebhook, type EventType } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { formatId, newId, parseId } from '../../store/ids.ts'
import type { Webhook } from '../../store/webhooks.ts'
import { formatSecret, newSecret } from '../../tokens/webhook-secrets.ts'
import { readBody, type AppContext, type Env } from '../request.ts'
import { toDeliveryResponse, toWebhookResponse } from '../to-response.ts'

/** How many deliveries the log shows. */
const LOG_LENGTH = 100

const missing = (): ApiError => new ApiError('not_found', 'there is no such webhook: list the webhooks again')

async function requireWebhook(c: AppContext): Promise<Webhook> {
  const { store, app } = c.get('session')
  const id = c.req.param('webhook')
  const found = (await store.webhooks.list(app.id)).find((webhook) => formatId(webhook.id) === id)
  if (!found) throw missing()
  return found
}

/** Routes of webhooks: list them, make one, delete one, read its log. */
export function webhookRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/webhooks', async (c) => {
    const { store, app } = c.get('session')
    return c.json({ webhooks: (await store.webhooks.list(app.id)).map(toWebhookResponse) })
  })
  routes.post('/webhooks', async (c) => {
    const { store, keys, app, now } = c.get('session')
    const { url, types } = await readBody(c, newWebhook)
    const secret = newSecret()
    const id = newId()
    const unique = [...new Set<EventType>(types)]
    await store.webhooks.add(
      app.id,
      { id, url, types: unique, wrapped: keys.wrap(secret) },
      c.get('actor'),
      now,
    )
    c.set('logFields', { event: 'webhook-created', webhook: formatId(id) })
    const made = { id, url, types: JSON.stringify(unique), active: 1, created_at: now } as const
    return c.json({ webhook: toWebhookResponse(made), secret: formatSecret(secret) }, 201)
  })
  routes.get('/webhooks/:webhook/deliveries', async (c) => {
    const { store } = c.get('session')
    const { id } = await requireWebhook(c)
    return c.json({ deliveries: (await store.webhooks.deliveries(id, LOG_LENGTH)).map(toDeliveryResponse) })
  })
  routes.delete('/webhooks/:webhook', async (c) => {
    const { store, app, now } = c.get('session')
    const id = parseId(c.req.param('webhook'))
    if (!id || !(await store.webhooks.remove(app.id, id, c.get('actor'), now))) throw missing()
    c.set('logFields', { event: 'webhook-deleted', webhook: formatId(id) })
    return c.body(null, 200)
  })
  return routes
}
