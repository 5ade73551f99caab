import { deliveriesReply, newWebhook, webhookReply, webhooksReply } from '@tokenkeep/protocol'
import type { Operation } from './operation.ts'

const app = '/v1/apps/:app'
const needs = 'key'

/** Routes of webhooks, for an app's backend and the Console. */
export const webhookOperations: readonly Operation[] = [
  {
    method: 'get',
    path: `${app}/webhooks`,
    summary: 'List the webhooks',
    needs,
    scope: 'settings:read',
    replies: { 200: webhooksReply },
  },
  {
    method: 'post',
    path: `${app}/webhooks`,
    summary: 'Create a webhook: events are sent to its URL, by the specification Standard Webhooks',
    needs,
    scope: 'settings:write',
    body: newWebhook,
    replies: { 201: webhookReply },
  },
  {
    method: 'delete',
    path: `${app}/webhooks/:webhook`,
    summary: 'Delete a webhook, and its log',
    needs,
    scope: 'settings:write',
    replies: { 200: undefined },
    errors: ['not_found'],
  },
  {
    method: 'get',
    path: `${app}/webhooks/:webhook/deliveries`,
    summary: 'Read the log of a webhook: its last hundred deliveries, newest first',
    needs,
    scope: 'settings:read',
    replies: { 200: deliveriesReply },
    errors: ['not_found'],
  },
]
