import { Hono, type MiddlewareHandler } from 'hono'
import { limitBody } from '../body-limit.ts'
import { allowOriginsOfApp } from '../cors.ts'
import { HttpError } from '../http-error.ts'
import type { Env } from '../request.ts'
import { appsRoutes } from './apps.ts'
import { authRoutes } from './auth.ts'
import { currentUserRoutes } from './current-user.ts'
import { managementRoutes } from './management.ts'
import { metadataRoutes, oauthRoutes } from './oauth.ts'
import { passkeyRoutes } from './passkeys.ts'

/** Finds the app that a path names, and what its requests need. */
const findApp: MiddlewareHandler<Env> = async (c, next) => {
  const id = c.req.param('app')!
  const { store, keys, directory, issuerOf, now } = c.get('instance')
  const app = await directory.app(id)
  const signer = app && (await directory.signer(id))
  if (!signer) throw new HttpError(404, 'app_not_found', 'no such app')
  c.set('app', app)
  c.set('session', { store, keys, app, signer, issuer: issuerOf(id), now: now(), client: c.get('client') })
  return next()
}

/** Answers hold tokens or people's data: no cache keeps any, but for what is published anyway. */
const forbidCaching: MiddlewareHandler<Env> = (c, next) => {
  if (!c.req.path.includes('/.well-known/')) c.env.headers['cache-control'] = 'no-store'
  return next()
}

/** Everything under `/v1/apps`, in the three dialects. */
export function appRoutes(): Hono<Env> {
  const routes = new Hono<Env>({ strict: false })
  routes.use('/v1/*', forbidCaching)
  // The body is limited after CORS: a page may read this error too.
  for (const step of [findApp, allowOriginsOfApp, limitBody]) routes.use('/v1/apps/:app/*', step)
  routes.use('/v1/apps', limitBody)

  routes.route('/', metadataRoutes())
  routes.route('/v1/apps', appsRoutes())
  // Management first: on the paths both have, it answers whoever brings an API key and leaves the rest to auth.
  for (const each of [managementRoutes(), authRoutes(), passkeyRoutes(), currentUserRoutes(), oauthRoutes()])
    routes.route('/v1/apps/:app', each)
  return routes
}
