import { Hono, type MiddlewareHandler } from 'hono'
import { limitBody } from '../body-limit.ts'
import { allowOriginsOfApp } from '../cors.ts'
import { HttpError } from '../http-error.ts'
import type { AppContext, Env } from '../request.ts'
import { appsRoutes } from './apps.ts'
import { authRoutes } from './auth.ts'
import { currentUserRoutes } from './current-user.ts'
import { managementRoutes } from './management.ts'
import { metadataRoutes, oauthRoutes } from './oauth.ts'
import { passkeyRoutes } from './passkeys.ts'

/** Finds the app that a path names, and what its requests need. */
async function findApp(c: AppContext): Promise<void> {
  const id = c.req.param('app')!
  const { store, keys, directory, issuerOf, now } = c.get('instance')
  const app = await directory.app(id)
  const signer = app && (await directory.signer(id))
  if (!signer) throw new HttpError(404, 'app_not_found', 'no such app')
  c.set('app', app)
  c.set('session', { store, keys, app, signer, issuer: issuerOf(id), now: now(), client: c.get('client') })
}

/** What comes before every route below an app. The body is limited after CORS: a page may read this error too. */
const enterApp: MiddlewareHandler<Env> = async (c, next) => {
  await findApp(c)
  return allowOriginsOfApp(c) ?? limitBody(c, next)
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
