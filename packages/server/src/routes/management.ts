import { Hono } from 'hono'
import type { Logger } from 'pino'
import { HttpError } from '../http-error.ts'
import { managerOf } from '../identity.ts'
import type { Env } from '../request.ts'
import { activityRoutes } from './activity.ts'
import { invitationRoutes } from './apps.ts'
import { keyRoutes } from './keys.ts'
import { revocationRoutes } from './revocations.ts'
import { settingsRoutes } from './settings.ts'
import { userSessionRoutes } from './user-sessions.ts'
import { usersRoutes } from './users.ts'

/** Paths that an app's pages have too: there, whoever does not manage is left to them. */
const shared = new Set(['GET /', 'GET /users'])

/** What an app's own backend and the console call, with an API key or as an admin. */
export function managementRoutes(log: Logger, base: string): Hono<Env> {
  const managed = new Hono<Env>()
  const all = [
    settingsRoutes(log),
    usersRoutes(log),
    userSessionRoutes(log),
    keyRoutes(log),
    activityRoutes(),
    revocationRoutes(),
    invitationRoutes(log, base),
  ]
  for (const { method, path } of all.flatMap(({ routes }) => routes))
    managed.on(method, path, async (c, next) => {
      if (c.get('actor')) return next()
      const actor = await managerOf(c)
      if (actor) c.set('actor', actor)
      else if (!shared.has(`${method} ${path}`))
        throw new HttpError(401, 'invalid_access_token', 'an API key of this app, or an admin, is needed')
      return next()
    })
  for (const routes of all)
    for (const { method, path, handler } of routes.routes)
      managed.on(method, path, (c, next) => (c.get('actor') ? handler(c, next) : next()))
  return managed
}
