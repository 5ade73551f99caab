import { openapiDocument } from '@tokenkeep/protocol'
import type { Operation } from './operation.ts'

/** What whoever runs the server calls. */
export const operationsOperations: readonly Operation[] = [
  { method: 'get', path: '/livez', summary: 'Whether the process runs', replies: { 200: 'text/plain' } },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether it can do its work: a real write; 503 while it shuts down',
    replies: { 200: 'text/plain' },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    needs: 'metrics token',
    replies: { 200: 'text/plain' },
    errors: ['invalid_access_token'],
  },
  { method: 'get', path: '/openapi.json', summary: 'This document', replies: { 200: openapiDocument } },
]
