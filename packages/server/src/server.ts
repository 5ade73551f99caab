import { Hono } from 'hono'
import { pino, type Logger } from 'pino'
import { clientAddress } from './http/client-address.ts'
import { consoleRoutes } from './http/console-files.ts'
import { endOfTurn } from './http/after-poll.ts'
import { answerFailure } from './http/error-response.ts'
import { HttpError } from './errors.ts'
import { createInstance } from './http/instance.ts'
import type { Keys } from './tokens/derived-keys.ts'
import type { LimitOptions } from './http/rate-limits.ts'
import type { Env, Incoming } from './http/request.ts'
import { requestLine } from './http/request-log.ts'
import { appRoutes } from './http/routes/app.ts'
import { operationRoutes } from './http/routes/operations.ts'
import { securityHeaders } from './http/security-headers.ts'
import type { Store } from './store/store.ts'

export interface SessionServerOptions {
  readonly store: Store
  readonly keys: Keys
  /** Where clients reach this server, such as `https://auth.example.com`: the root of every issuer. */
  readonly baseUrl: string
  readonly log?: Logger
  /** The folder of the built Console, served under `/console/`. Default: none. */
  readonly console?: string | undefined
  /** How many proxies of yours add to `X-Forwarded-For`. Default 0: the header is not believed. */
  readonly trustedProxies?: number
  /** What Prometheus must bring to `/metrics` as a bearer token. Default: nothing. */
  readonly metricsToken?: string | undefined
  readonly limits?: LimitOptions
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Where a request comes from, as far as whoever mounts the server can tell. */
export interface Connection {
  /** Whom it is with; without it, no address is limited. */
  readonly address?: string | undefined
  /** Node's own request: its headers are read there, which is faster than from the `Request` that was made of it. */
  readonly incoming?: Incoming | undefined
  /** Node's own response: what every answer carries is set on it, which is faster than on the `Response` that it gets. */
  readonly outgoing?: { setHeader(name: string, value: string): unknown } | undefined
}

export interface SessionServer {
  /** A web-standard handler: mount it anywhere. */
  fetch(request: Request, from?: Connection): Response | Promise<Response>
  /** From now on `/readyz` answers 503. Everything else goes on. */
  drain(): void
  /** Ends what outlives a request: streams end, and what was counted is written. The store stays open. */
  close(): Promise<void>
}

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
  const always = securityHeaders(instance.baseUrl)
  let draining = false

  const app = new Hono<Env>({ strict: false })
  app.use(requestLine(log, instance.metrics))
  app.route('/', operationRoutes({ draining: () => draining, metricsToken }))
  if (console) app.route('/', consoleRoutes(console))
  app.route('/', appRoutes())

  app.onError((error, c) => answerFailure(error, c, log))
  app.notFound((c) => answerFailure(new HttpError(404, 'not_found', 'nothing is here'), c, log))
  return {
    async fetch(request, { address, incoming, outgoing } = {}) {
      const bindings = {
        instance,
        address: clientAddress(request, address, trustedProxies),
        incoming,
        arrived: performance.now(),
        headers: { ...always },
      }
      await endOfTurn()
      const response = await app.fetch(request, bindings)
      for (const [name, value] of Object.entries(bindings.headers))
        if (outgoing) outgoing.setHeader(name, value)
        else if (!response.headers.has(name)) response.headers.set(name, value)
      return response
    },
    drain() {
      draining = true
    },
    async close() {
      instance.feed.close()
      // Not worth holding up an end: a database that is down loses a few seconds of statistics.
      await instance.counts.flush().catch(() => undefined)
    },
  }
}
