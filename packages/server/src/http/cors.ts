import { originsOf } from '../sessions/passkeys.ts'
import { header, type AppContext } from './request.ts'

/** The origin of the page that asks, where it is one of the app's. */
export const originOf = (c: AppContext): string | undefined => {
  const origin = header(c, 'origin')
  return origin !== undefined && originsOf(c.get('app')).includes(origin) ? origin : undefined
}

const preflight = {
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
 * Lets the app's own pages read its answers, errors too: one they may not read looks like a lost connection. Not
 * Hono's own: which origins an app has is known only once the app is. Returns the answer to a preflight.
 */
export function allowOriginsOfApp(c: AppContext): Response | undefined {
  const origin = originOf(c)
  const { headers } = c.env
  headers['vary'] = 'Origin'
  if (origin) {
    headers['access-control-allow-origin'] = origin
    headers['access-control-allow-credentials'] = 'true'
    headers['access-control-expose-headers'] = 'retry-after,etag,x-request-id'
  }
  if (c.req.method !== 'OPTIONS') return undefined
  if (origin) Object.assign(headers, preflight)
  return c.body(null, 204)
}
