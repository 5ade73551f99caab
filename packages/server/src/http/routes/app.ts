import { Hono, type MiddlewareHandler, type Next } from 'hono'
import type { Signer } from '../../tokens/auth-token.ts'
import { limitBody } from '../body-limit.ts'
import { allowReadingRefusal, answerForeignPreflight, applyCors } from '../cors.ts'
import { ApiError } from '../../errors.ts'
import { sourceOf, type AppContext, type Env } from '../request.ts'
import { removeHeader } from '../response.ts'
import type { App } from '../../store/apps.ts'
import { appsRoutes } from './apps.ts'
import { authRoutes } from './auth.ts'
import { currentUserRoutes } from './current-user.ts'
import { managementRoutes } from './management.ts'
import { notOfferedRoutes } from './not-offered.ts'
import { metadataRoutes, oauthRoutes } from './oauth.ts'
import { ownMetadataRoutes } from './own-metadata.ts'
import { ownPasskeyRoutes } from './own-passkeys.ts'
import { reauthenticationRoutes } from './reauthentication.ts'
import { passkeyRoutes } from './passkeys.ts'

/** Prepares the context of a request below an app. The body is limited after CORS, so that a page can read that error too. */
function prepareContext(
  c: AppContext,
  next: Next,
  app: App | undefined,
  signer: Signer | undefined,
): Response | Promise<Response | void> {
  if (!app || !signer) {
    if (c.req.method === 'OPTIONS') return answerForeignPreflight(c)
    allowReadingRefusal(c)
    throw new ApiError('app_not_found', 'there is no such app: check the id in the URL')
  }
  const { store, keys, issuerOf, now } = c.env.instance
  c.set('app', app)
  const by = (actor: 'user' | 'system') => sourceOf(c, actor)
  c.set('session', { store, keys, app, signer, issuer: issuerOf(app.id), now: now(), by })
  return applyCors(c) ?? limitBody(c, next)
}

/**
 * Runs before every route below an app. It is one middleware and does not await cached values, because each middleware or
 * await costs a refresh up to a microsecond.
 */
const enterApp: MiddlewareHandler<Env> = async (c, next) => {
  const { appCache } = c.env.instance
  const id = c.req.param('app')!
  const cached = [appCache.app(id), appCache.signer(id)] as const
  const [app, signer] = cached
  if (!(app instanceof Promise || signer instanceof Promise)) return prepareContext(c, next, app, signer)
  return prepareContext(c, next, ...(await Promise.all(cached)))
}

/** Public documents can be cached. */
const allowCaching: MiddlewareHandler<Env> = (c, next) => {
  removeHeader(c, 'cache-control')
  return next()
}

/** All routes under `/v1/apps`, in the three dialects. */
export function appRoutes(): Hono<Env> {
  const routes = new Hono<Env>({ strict: false })
  routes.use('/v1/apps/:app/*', enterApp)
  for (const published of ['/.well-known/*', '/v1/apps/:app/.well-known/*'])
    routes.use(published, allowCaching)
  routes.use('/v1/apps', limitBody)

  routes.route('/', metadataRoutes())
  routes.route('/v1/apps', appsRoutes())
  // Management comes first: on shared paths it answers managers and passes other requests on to the routes for pages.
  for (const each of [
    managementRoutes(),
    authRoutes(),
    passkeyRoutes(),
    currentUserRoutes(),
    ownPasskeyRoutes(),
    reauthenticationRoutes(),
    ownMetadataRoutes(),
    notOfferedRoutes(),
    oauthRoutes(),
  ])
    routes.route('/v1/apps/:app', each)
  return routes
}
