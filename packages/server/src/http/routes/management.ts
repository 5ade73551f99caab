import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { hasApiKey, authenticateManager } from '../authenticate.ts'
import { knownFieldsOnly } from '../known-fields.ts'
import { recentSignInOf } from '../recent-sign-in.ts'
import { scopeOf } from '../scopes.ts'
import { authOperations } from '../openapi/auth.ts'
import { managementOperations } from '../openapi/management.ts'
import { userOperations } from '../openapi/users.ts'
import { webhookOperations } from '../openapi/webhooks.ts'
import type { Env } from '../request.ts'
import { activityRoutes } from './activity.ts'
import { invitationRoutes } from './invitations.ts'
import { keyRoutes } from './keys.ts'
import { revocationRoutes } from './revocations.ts'
import { settingsRoutes } from './settings.ts'
import { userSessionRoutes } from './user-sessions.ts'
import { usersRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'

/** Paths for managers only. */
const MANAGED_PATHS = [
  '/settings',
  '/sessions',
  '/users/*',
  '/signing-keys',
  '/api-keys/*',
  '/events',
  '/statistics',
  '/revocations',
  '/invitations/*',
  '/webhooks/*',
]

/** Routes for an app's backend and the Console: with an API key or as an admin. */
export function managementRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  // The app and its users have a variant for pages. A request without an API key or an admin's token gets that variant.
  for (const path of ['/', ...MANAGED_PATHS])
    routes.use(path, async (c, next) => {
      const actor = await authenticateManager(c)
      if (actor) c.set('actor', actor)
      const isUsers = /\/users\/?$/.test(c.req.path)
      const forPages =
        !hasApiKey(c) &&
        (c.req.method === 'GET' ? path === '/' || isUsers : c.req.method === 'POST' && isUsers)
      if (!actor && !forPages)
        throw new ApiError(
          'invalid_access_token',
          'send an API key of this app, or the auth token of an admin, as the bearer token',
        )
      await next()
    })
  for (const operation of [
    ...authOperations,
    ...managementOperations,
    ...userOperations,
    ...webhookOperations,
  ]) {
    const [, path] = /^\/v1\/apps\/:app(.*)$/.exec(operation.path) ?? []
    if (path !== undefined)
      routes.on(
        operation.method.toUpperCase(),
        path || '/',
        scopeOf(operation),
        recentSignInOf(operation),
        knownFieldsOnly(operation),
      )
  }
  for (const each of [
    settingsRoutes(),
    usersRoutes(),
    userSessionRoutes(),
    keyRoutes(),
    activityRoutes(),
    revocationRoutes(),
    invitationRoutes(),
    webhookRoutes(),
  ])
    routes.route('/', each)
  return routes
}
