import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'
import { randomUUID } from 'node:crypto'
import type { Metrics } from '../operations/metrics.ts'
import { header, type Env } from './request.ts'
import { setHeader } from './response.ts'

/** The request ids that are accepted from a proxy. Other ids could forge a log line. */
const SAFE_REQUEST_ID = /^[\w.:-]{1,100}$/
/** Monitoring requests these every few seconds. A success is logged at level `debug` only. */
const ROUTINE_ROUTES = new Set(['/livez', '/readyz', '/metrics'])

/**
 * Writes one log line per request and records its duration. A handler adds fields with `logFields`; an alarm among them makes
 * the line a warning and is counted. The line contains the matched route and not the path, because a path can contain a token
 * or an identifier.
 */
export function logRequests(log: Logger, metrics: Metrics): MiddlewareHandler<Env> {
  return async function logRequests(c, next) {
    const givenId = header(c, 'x-request-id')
    const request = givenId && SAFE_REQUEST_ID.test(givenId) ? givenId : randomUUID()
    c.set('request', request)
    setHeader(c, 'x-request-id', request)
    await next()
    const ms = performance.now() - c.env.arrived
    const { status } = c.res
    const { method } = c.req
    const route = routePath(c, -1)
    metrics.requests.observe(method, route, status, ms / 1000)
    const logFields = c.get('logFields')
    const event = logFields?.event ?? 'request'
    const line = {
      request,
      method,
      route,
      status,
      ms: Math.round(ms * 1000) / 1000,
      app: c.get('app')?.id,
      address: c.env.address,
      actor: c.get('actor')?.actor,
      ...logFields,
      event: undefined,
    }
    if (logFields?.alarm) {
      metrics.alarms.inc({ app: c.get('app').id, type: logFields.alarm })
      log.warn(line, event)
    } else if (ROUTINE_ROUTES.has(route) && status < 400) log.debug(line, event)
    else log.info(line, event)
  }
}
