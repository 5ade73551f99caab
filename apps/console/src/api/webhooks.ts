import { queryOptions } from '@tanstack/react-query'
import type { Delivery, Webhook } from '@tokenkeep/protocol'
import { callApi } from './client.ts'

export type { Delivery, Webhook } from '@tokenkeep/protocol'

export const webhooksQuery = (app: string) =>
  queryOptions({
    queryKey: ['webhooks', app],
    queryFn: async ({ signal }) =>
      (await callApi<{ webhooks: Webhook[] }>(`/${app}/webhooks`, { signal })).webhooks,
  })
export const deliveriesQuery = (app: string, webhook: string) =>
  queryOptions({
    queryKey: ['deliveries', app, webhook],
    queryFn: async ({ signal }) =>
      (await callApi<{ deliveries: Delivery[] }>(`/${app}/webhooks/${webhook}/deliveries`, { signal }))
        .deliveries,
  })
/** Only this response contains the secret. */
export const createWebhook = (app: string, url: string): Promise<{ webhook: Webhook; secret: string }> =>
  callApi(`/${app}/webhooks`, { method: 'POST', body: { url } })
export const deleteWebhook = (app: string, id: string): Promise<void> =>
  callApi(`/${app}/webhooks/${id}`, { method: 'DELETE' })
