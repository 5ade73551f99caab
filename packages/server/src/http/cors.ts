import { ApiError } from '../errors.ts'
import { allowedOrigins } from '../sessions/ceremony.ts'
import { writeError } from './error-response.ts'
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
    'dpop',
  ].join(','),
  'access-control-max-age': '7200',
}

/** What a page of another origin may send: no `authorization`, and not the header of the cookie mode. */
const FOREIGN_HEADERS =
  'content-type,idempotency-key,tokenkeep-last-attempt,passage-version,passage-element-version,dpop'

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
    setHeader(c, 'access-control-expose-headers', 'retry-after,etag,x-request-id,dpop-nonce,www-authenticate')
  }
  if (c.req.method === 'OPTIONS') {
    if (!origin) return answerForeignPreflight(c)
    for (const [name, value] of Object.entries(PREFLIGHT_HEADERS)) setHeader(c, name, value)
    return c.body(null, 204)
  }
  return origin ? undefined : refuseForeignPage(c)
}

/**
 * Lets a page of any origin send the request that is then refused with a reason. Without this, its developer sees what looks
 * like a dead server. Requests with credentials are not let through.
 */
export function answerForeignPreflight(c: AppContext): Response {
  if (allowReadingRefusal(c)) {
    setHeader(c, 'access-control-allow-methods', PREFLIGHT_HEADERS['access-control-allow-methods'])
    setHeader(c, 'access-control-allow-headers', FOREIGN_HEADERS)
  }
  return c.body(null, 204)
}

/** Lets the page read this response. Returns its origin, or undefined if the request is not from a page of another origin. */
export function allowReadingRefusal(c: AppContext): string | undefined {
  const origin = header(c, 'origin')
  if (origin === undefined || origin === c.env.instance.base.origin) return undefined
  setHeader(c, 'access-control-allow-origin', origin)
  return origin
}

/**
 * Refuses a request from a page that is not of the app. Requests with an `Authorization` header are not refused, because managers
 * and backends may have any origin, nor are requests for public documents. A refusal does not count against the rate limits: any
 * site can make its visitors send such a request.
 */
function refuseForeignPage(c: AppContext): Response | undefined {
  if (header(c, 'authorization') !== undefined || c.req.path.includes('/.well-known/')) return undefined
  const origin = allowReadingRefusal(c)
  if (origin === undefined) return undefined
  const message = `${origin} is not an origin of this app: add it to the app's origins in the Console`
  return writeError(new ApiError('origin_not_allowed', message), c)
}
