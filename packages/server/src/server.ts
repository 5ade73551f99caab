import { Hono } from 'hono'
import { pino, type Logger } from 'pino'
import { ApiError } from './errors.ts'
import { afterPoll } from './http/after-poll.ts'
import { parseBaseUrl, pathBelow } from './base-url.ts'
import { createAddressReader } from './http/client-address.ts'
import { consoleRoutes } from './http/console-files.ts'
import { toErrorResponse } from './http/error-response.ts'
import { createInstance } from './http/instance.ts'
import type { RateLimitOptions } from './http/rate-limits.ts'
import { logRequests } from './http/request-log.ts'
import type { Env } from './http/request.ts'
import { addCommonHeaders, commonHeaders } from './http/response.ts'
import { appRoutes } from './http/routes/app.ts'
import { operationRoutes } from './http/routes/operations.ts'
import type { SessionServer } from './http/session-server.ts'
import type { Store } from './store/store.ts'
import type { Keys } from './tokens/derived-keys.ts'

/** The options of {@link createSessionServer}. */
export interface SessionServerOptions {
  readonly store: Store
  readonly keys: Keys
  /** The URL at which clients reach this server, such as `https://auth.example.com`. It can have a path. Every issuer begins with it. */
  readonly baseUrl: string
  /** Default: no log. */
  readonly log?: Logger
  /** The folder of the built Console, which is served under `/console/`. Default: none. */
  readonly console?: string | undefined
  /** How many of your proxies append to `X-Forwarded-For`. Default: 0, the header is ignored. */
  readonly trustedProxies?: number
  /** The bearer token that `/metrics` requires. Default: none, `/metrics` is closed. */
  readonly metricsToken?: string | undefined
  /** The rate limits. Their defaults are in {@link RateLimitOptions}. */
  readonly limits?: RateLimitOptions
  /** How many lines of the log were lost, for the metric `tokenkeep_log_lines_dropped_total`. Default: none. */
  readonly droppedLogLines?: () => number
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/**
 * Creates a session server as a web-standard request handler. Mount it in any server, or run it with the command
 * `tokenkeep serve`.
 *
 * @example
 * ```ts
 * import { createSessionServer, deriveKeys, openStore, readMasterKey } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const keys = deriveKeys(readMasterKey('./data'))
 * const server = createSessionServer({ store, keys, baseUrl: 'http://localhost:4000' })
 * const response = await server.fetch(new Request('http://localhost:4000/readyz'))
 * console.log(response.status)
 * ```
 */
export function createSessionServer({
  store,
  keys,
  baseUrl,
  log = pino({ level: 'silent' }),
  console,
  trustedProxies = 0,
  metricsToken,
  limits,
  droppedLogLines = () => 0,
  now = Date.now,
}: SessionServerOptions): SessionServer {
  const base = parseBaseUrl(baseUrl)
  const instance = createInstance({ store, keys, base, limits, droppedLogLines, now })
  const newHeaders = commonHeaders(base.href)
  const addressOf = createAddressReader(trustedProxies, log)
  let draining = false

  // Hono's own way to find the path is faster, so a server without a path keeps it.
  const app = new Hono<Env>(
    base.path ? { getPath: (request) => pathBelow(base, request.url) } : { strict: false },
  )
  app.use(logRequests(log, instance.metrics))
  // These answers are large, so nobody gets them without a limit.
  for (const [path, kind] of [
    ['/openapi.json', 'document'],
    ['/console/*', 'file'],
  ] as const)
    app.get(path, (c, next) => {
      instance.limits.countStart(c.env.address, kind)
      return next()
    })
  app.route('/', operationRoutes({ draining: () => draining, metricsToken }))
  if (console) app.route('/', consoleRoutes(console, base.path))
  app.route('/', appRoutes())

  app.onError((error, c) => toErrorResponse(error, c, log))
  app.notFound((c) =>
    toErrorResponse(new ApiError('not_found', 'there is nothing at this path: see /openapi.json'), c, log),
  )
  return {
    async fetch(request, { address, incoming, outgoing } = {}) {
      const bindings = {
        instance,
        address: addressOf(request, address),
        incoming,
        arrived: performance.now(),
        headers: newHeaders(),
      }
      await afterPoll()
      const response = await app.fetch(request, bindings)
      addCommonHeaders(response, bindings.headers, outgoing)
      return response
    },
    drain() {
      draining = true
    },
    async close() {
      instance.feed.close()
      // If the database fails, the statistics of the last few seconds are lost.
      await instance.counts.flush().catch(() => undefined)
    },
  }
}
