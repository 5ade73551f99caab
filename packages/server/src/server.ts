import { Hono } from 'hono'
import { pino, type Logger } from 'pino'
import { ApiError } from './errors.ts'
import { afterPoll } from './http/after-poll.ts'
import { clientAddress } from './http/client-address.ts'
import { consoleRoutes } from './http/console-files.ts'
import { toErrorResponse } from './http/error-response.ts'
import { createInstance } from './http/instance.ts'
import type { RateLimitOptions } from './http/rate-limits.ts'
import { logRequests } from './http/request-log.ts'
import type { Env, Incoming } from './http/request.ts'
import { addCommonHeaders, commonHeaders, type Outgoing } from './http/response.ts'
import { appRoutes } from './http/routes/app.ts'
import { operationRoutes } from './http/routes/operations.ts'
import type { Store } from './store/store.ts'
import type { Keys } from './tokens/derived-keys.ts'

export interface SessionServerOptions {
  readonly store: Store
  readonly keys: Keys
  /** Where clients reach this server, such as `https://auth.example.com`. It is the root of every issuer. */
  readonly baseUrl: string
  /** Default: no log. */
  readonly log?: Logger
  /** The folder of the built Console, which is served under `/console/`. Default: none. */
  readonly console?: string | undefined
  /** How many of your proxies append to `X-Forwarded-For`. Default: 0, the header is ignored. */
  readonly trustedProxies?: number
  /** The bearer token that `/metrics` requires. Default: none, `/metrics` is open. */
  readonly metricsToken?: string | undefined
  readonly limits?: RateLimitOptions
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/** What the host of the server knows of a request's connection. */
export interface Connection {
  /** The address of the other side. Without it, no address is rate limited. */
  readonly address?: string | undefined
  /** Node's own request. Headers are read from it, which is faster than from the `Request` made of it. */
  readonly incoming?: Incoming | undefined
  /** Node's own response. Common headers are set on it, which is faster than on the `Response`. */
  readonly outgoing?: Outgoing | undefined
}

export interface SessionServer {
  /** A web-standard request handler. It does not depend on `this`. */
  fetch(request: Request, from?: Connection): Response | Promise<Response>
  /** From now on `/readyz` responds with 503, so that a load balancer sends no new requests. Everything else continues. */
  drain(): void
  /** Ends the open streams and writes pending statistics. It does not close the store. */
  close(): Promise<void>
}

/**
 * Creates a session server as a web-standard request handler. Mount it in any server, or run it with the command
 * `tokenkeep serve`.
 *
 * @example
 * ```ts
 * import { createSessionServer, deriveKeys, openStore, readMasterKey } from '@tokenkeep/server'
 *
 * const [store, keys] = [await openStore('./data'), deriveKeys(readMasterKey('./data'))]
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
  now = Date.now,
}: SessionServerOptions): SessionServer {
  const instance = createInstance(store, keys, baseUrl, limits, now)
  const newHeaders = commonHeaders(instance.baseUrl)
  let draining = false

  const app = new Hono<Env>({ strict: false })
  app.use(logRequests(log, instance.metrics))
  app.route('/', operationRoutes({ draining: () => draining, metricsToken }))
  if (console) app.route('/', consoleRoutes(console))
  app.route('/', appRoutes())

  app.onError((error, c) => toErrorResponse(error, c, log))
  app.notFound((c) =>
    toErrorResponse(new ApiError('not_found', 'there is nothing at this path: see /openapi.json'), c, log),
  )
  return {
    async fetch(request, { address, incoming, outgoing } = {}) {
      const bindings = {
        instance,
        address: clientAddress(request, address, trustedProxies),
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
      // A failing database must not delay the end. It loses a few seconds of statistics.
      await instance.counts.flush().catch(() => undefined)
    },
  }
}
