import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'
import { randomUUID } from 'node:crypto'
import type { Metrics } from '../operations/metrics.ts'
import { header, type Env } from './request.ts'

/** What a proxy in front may have called the request: nothing that could forge a line of a log. */
const sane = /^[\w.:-]{1,100}$/
/** What is asked every few seconds by machines, and tells nothing when it goes well. */
const routine = new Set(['/livez', '/readyz', '/metrics'])

/**
 * One line in the log per request, and its time in the metrics. Handlers add what they know by `said`; a path is told
 * as the route it matched, for it may hold a token or an identifier.
 */
export function requestLine(log: Logger, metrics: Metrics): MiddlewareHandler<Env> {
  return async function requestLine(c, next) {
    const named = header(c, 'x-request-id')
    const request = named && sane.test(named) ? named : randomUUID()
    c.set('request', request)
    c.env.headers['x-request-id'] = request
    await next()
    const ms = performance.now() - c.env.arrived
    const { status } = c.res
    const { method } = c.req
    const route = routePath(c, -1)
    metrics.requests.observe(method, route, status, ms / 1000)
    const said = c.get('said')
    const event = said?.event ?? 'request'
    const line = {
      request,
      method,
      route,
      status,
      ms: Math.round(ms * 1000) / 1000,
      app: c.get('app')?.id,
      actor: c.get('actor'),
      ...said,
      event: undefined,
    }
    if (routine.has(route) && status < 400) log.debug(line, event)
    else log.info(line, event)
  }
}
