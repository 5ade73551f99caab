import { Hono, type MiddlewareHandler, type Next } from 'hono'
import type { Signer } from '../../tokens/auth-token.ts'
import { limitBody } from '../body-limit.ts'
import { allowOriginsOfApp } from '../cors.ts'
import { HttpError } from '../../errors.ts'
import type { AppContext, Env } from '../request.ts'
import type { App } from '../../store/apps.ts'
import { appsRoutes } from './apps.ts'
import { authRoutes } from './auth.ts'
import { currentUserRoutes } from './current-user.ts'
import { managementRoutes } from './management.ts'
import { metadataRoutes, oauthRoutes } from './oauth.ts'
import { passkeyRoutes } from './passkeys.ts'

/** What a request below an app finds. The body is limited after CORS: a page may read this error too. */
function enter(
  c: AppContext,
  next: Next,
  app: App | undefined,
  signer: Signer | undefined,
): Response | Promise<Response | void> {
  if (!app || !signer) throw new HttpError(404, 'app_not_found', 'no such app')
  const { store, keys, issuerOf, now } = c.env.instance
  c.set('app', app)
  c.set('session', { store, keys, app, signer, issuer: issuerOf(app.id), now: now() })
  return allowOriginsOfApp(c) ?? limitBody(c, next)
}

/**
 * What comes before every route below an app, as one middleware, and without waiting for what is remembered: a step or a
 * wait more costs a refresh up to a microsecond.
 */
const enterApp: MiddlewareHandler<Env> = async (c, next) => {
  const { directory } = c.env.instance
  const id = c.req.param('app')!
  const known = [directory.app(id), directory.signer(id)] as const
  const [app, signer] = known
  if (!(app instanceof Promise || signer instanceof Promise)) return enter(c, next, app, signer)
  return enter(c, next, ...(await Promise.all(known)))
}

/** What is published anyway may be kept. */
const allowCaching: MiddlewareHandler<Env> = (c, next) => {
  delete c.env.headers['cache-control']
  return next()
}

/** Everything under `/v1/apps`, in the three dialects. */
export function appRoutes(): Hono<Env> {
  const routes = new Hono<Env>({ strict: false })
  routes.use('/v1/apps/:app/*', enterApp)
  for (const published of ['/.well-known/*', '/v1/apps/:app/.well-known/*'])
    routes.use(published, allowCaching)
  routes.use('/v1/apps', limitBody)

  routes.route('/', metadataRoutes())
  routes.route('/v1/apps', appsRoutes())
  // Management first: on the paths both have, it answers whoever brings an API key and leaves the rest to auth.
  for (const each of [managementRoutes(), authRoutes(), passkeyRoutes(), currentUserRoutes(), oauthRoutes()])
    routes.route('/v1/apps/:app', each)
  return routes
}
