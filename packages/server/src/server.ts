import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { pino, type Logger } from 'pino'
import { consoleRoutes } from './console-files.ts'
import { HttpError } from './http-error.ts'
import { createInstance } from './instance.ts'
import type { Keys } from './keys.ts'
import { originsOf } from './passkeys.ts'
import { clientOf, type Env } from './request.ts'
import { appsRoutes } from './routes/apps.ts'
import { authRoutes } from './routes/auth.ts'
import { currentUserRoutes } from './routes/current-user.ts'
import { managementRoutes } from './routes/management.ts'
import { passkeyRoutes } from './routes/passkeys.ts'
import { StoreUnavailable } from './store/database.ts'
import type { Store } from './store/store.ts'

export interface SessionServerOptions {
  readonly store: Store
  readonly keys: Keys
  /** Where clients reach this server, such as `https://auth.example.com`: the root of every issuer. */
  readonly baseUrl: string
  readonly log?: Logger
  /** The folder of the built Console, served under `/console/`. Default: none. */
  readonly console?: string | undefined
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

export interface SessionServer {
  /** A web-standard handler: mount it anywhere. */
  fetch(request: Request): Response | Promise<Response>
  /** Ends what outlives a request: streams end, and what was counted is written. The store stays open. */
  close(): Promise<void>
}

export function createSessionServer({
  store,
  keys,
  baseUrl,
  log = pino({ level: 'silent' }),
  console,
  now = Date.now,
}: SessionServerOptions): SessionServer {
  const instance = createInstance(store, keys, baseUrl, now)
  const { directory, counts, feed } = instance

  const app = new Hono<Env>({ strict: false })
  app.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin', overwrite: false }))
  app.get('/livez', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    await store.probe(now())
    return c.text('ok')
  })

  if (console) app.route('/', consoleRoutes(console))

  app.use('/v1/*', async (c, next) => {
    c.set('instance', instance)
    await next()
    if (!c.req.path.includes('/.well-known/')) c.header('cache-control', 'no-store')
  })
  app.use('/v1/apps/:app/*', async (c, next) => {
    const id = c.req.param('app')
    const found = await directory.app(id)
    const signer = found && (await directory.signer(id))
    if (!signer) throw new HttpError(404, 'app_not_found', 'no such app')
    c.set('app', found)
    c.set('session', {
      store,
      keys,
      app: found,
      signer,
      issuer: instance.issuerOf(id),
      now: now(),
      client: clientOf(c),
    })
    return cors({
      origin: originsOf(found),
      allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
      allowHeaders: [
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'tokenkeep-last-attempt',
        'tokenkeep-session',
        'passage-version',
        'passage-element-version',
      ],
      exposeHeaders: ['retry-after', 'etag'],
      maxAge: 7200,
    })(c, next)
  })

  // After CORS: a page may read this error too.
  app.use(
    bodyLimit({
      maxSize: 64 * 1024,
      onError: () => {
        throw new HttpError(413, 'payload_too_large', 'at most 64 KiB')
      },
    }),
  )

  // Management first: on the paths both have, it answers whoever brings an API key and leaves the rest to auth.
  app.route('/v1/apps', appsRoutes(log))
  app.route('/v1/apps/:app', managementRoutes(log))
  for (const routes of [authRoutes(log), passkeyRoutes(log), currentUserRoutes(log)])
    app.route('/v1/apps/:app', routes)

  const answer = (error: unknown): Response => {
    if (error instanceof HttpError) {
      const headers = error.status === 401 ? { 'www-authenticate': 'Bearer' } : {}
      return Response.json(error.body, {
        status: error.status,
        headers: { 'cache-control': 'no-store', ...headers },
      })
    }
    log.error({ err: error }, 'error')
    // The store's trouble is never the client's: nobody is signed out for it.
    return error instanceof StoreUnavailable
      ? Response.json(
          { code: 'unavailable', error: 'try again' },
          { status: 503, headers: { 'retry-after': '1' } },
        )
      : Response.json({ code: 'internal_server_error', error: 'something went wrong here' }, { status: 500 })
  }
  app.onError(answer)
  app.notFound(() => answer(new HttpError(404, 'not_found', 'nothing is here')))
  return {
    fetch: app.fetch,
    async close() {
      feed.close()
      await counts.flush()
    },
  }
}
