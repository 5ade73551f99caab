import type { MiddlewareHandler } from 'hono'
import { originsOf } from './passkeys.ts'
import type { AppContext, Env } from './request.ts'

/** The origin of the page that asks, where it is one of the app's. */
export const originOf = (c: AppContext): string | undefined => {
  const origin = c.req.header('origin')
  return origin !== undefined && originsOf(c.get('app')).includes(origin) ? origin : undefined
}

const preflight = Object.entries({
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
})

/**
 * Lets the app's own pages read its answers, errors too: one they may not read looks like a lost connection. Not
 * Hono's own: it writes its headers into a response before there is one, which costs a refresh more than its signature.
 */
export const allowOriginsOfApp: MiddlewareHandler<Env> = async (c, next) => {
  const origin = originOf(c)
  c.header('vary', 'Origin')
  if (origin) {
    c.header('access-control-allow-origin', origin)
    c.header('access-control-allow-credentials', 'true')
    c.header('access-control-expose-headers', 'retry-after,etag,x-request-id')
  }
  if (c.req.method !== 'OPTIONS') return next()
  if (origin) for (const [name, value] of preflight) c.header(name, value)
  return c.body(null, 204)
}
