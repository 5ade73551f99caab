import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { bringsKey, managerOf } from '../authenticate.ts'
import type { Env } from '../request.ts'
import { activityRoutes } from './activity.ts'
import { invitationRoutes } from './apps.ts'
import { keyRoutes } from './keys.ts'
import { revocationRoutes } from './revocations.ts'
import { settingsRoutes } from './settings.ts'
import { userSessionRoutes } from './user-sessions.ts'
import { usersRoutes } from './users.ts'

/** For managers only. */
const managed = [
  '/settings',
  '/sessions',
  '/users/*',
  '/signing-keys',
  '/api-keys/*',
  '/events',
  '/statistics',
  '/revocations',
  '/invitations',
]

/** What an app's own backend and the console call, with an API key or as an admin. */
export function managementRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  // An app's pages may read these two as well: whoever brings no API key and does not manage gets what is for pages.
  for (const path of ['/', ...managed])
    routes.use(path, async (c, next) => {
      const actor = await managerOf(c)
      if (actor) c.set('actor', actor)
      const forPages =
        c.req.method === 'GET' && !bringsKey(c) && (path === '/' || /\/users\/?$/.test(c.req.path))
      if (!actor && !forPages)
        throw new HttpError(401, 'invalid_access_token', 'an API key of this app, or an admin, is needed')
      await next()
    })
  for (const each of [
    settingsRoutes(),
    usersRoutes(),
    userSessionRoutes(),
    keyRoutes(),
    activityRoutes(),
    revocationRoutes(),
    invitationRoutes(),
  ])
    routes.route('/', each)
  return routes
}
