import { openapiDocument } from '@tokenkeep/protocol'
import type { Operation } from './operation.ts'

/** Routes for the operator of the server. */
export const operatorOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/livez',
    summary: 'Check whether the process runs',
    replies: { 200: 'text/plain' },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Check whether the database takes a write. 503 if not, and while the server shuts down',
    replies: { 200: 'text/plain' },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Read the metrics, for Prometheus',
    needs: 'metrics token',
    replies: { 200: 'text/plain' },
    errors: ['operation_not_allowed', 'invalid_access_token'],
  },
  { method: 'get', path: '/openapi.json', summary: 'Read this document', replies: { 200: openapiDocument } },
]
