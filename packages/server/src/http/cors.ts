import { allowedOrigins } from '../sessions/ceremony.ts'
import { header, type AppContext } from './request.ts'
import { setHeader } from './response.ts'

/** The `Origin` of the request, if it is one of the app's origins. */
export const allowedOrigin = (c: AppContext): string | undefined => {
  const origin = header(c, 'origin')
  return origin !== undefined && allowedOrigins(c.get('app')).includes(origin) ? origin : undefined
}

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET,POST,PATCH,DELETE',
  'access-control-allow-headers': [
    'authorization',
    'content-type',
    'idempotency-key',
    'if-match',
    'tokenkeep-last-attempt',
    'tokenkeep-session',
    'passage-version',
    'passage-element-version',
  ].join(','),
  'access-control-max-age': '7200',
}

/**
 * Lets the app's own pages read responses, errors included: a page cannot distinguish an unreadable error from a lost
 * connection. Hono's own middleware cannot do this, because the allowed origins depend on the app. Returns the response to a
 * preflight request, and undefined for other requests.
 */
export function applyCors(c: AppContext): Response | undefined {
  const origin = allowedOrigin(c)
  setHeader(c, 'vary', 'Origin')
  if (origin) {
    setHeader(c, 'access-control-allow-origin', origin)
    setHeader(c, 'access-control-allow-credentials', 'true')
    setHeader(c, 'access-control-expose-headers', 'retry-after,etag,x-request-id')
  }
  if (c.req.method !== 'OPTIONS') return undefined
  if (origin) for (const [name, value] of Object.entries(PREFLIGHT_HEADERS)) setHeader(c, name, value)
  return c.body(null, 204)
}
