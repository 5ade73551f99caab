import { newApp } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { appProfile } from '../../store/app-profile.ts'
import { CONSOLE_APP_ID, inviteAdmin } from '../../operations/console-app.ts'
import { ApiError } from '../../errors.ts'
import { newId, formatId } from '../../store/ids.ts'
import { authenticateManager } from '../authenticate.ts'
import { readBody, type Env } from '../request.ts'
import { toManagedAppResponse } from '../to-response.ts'

/** Routes of the list of apps, for admins. */
export function appsRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.use('/', async (c, next) => {
    const actor = await authenticateManager(c)
    if (!actor)
      throw new ApiError(
        'invalid_access_token',
        'send an API key of the Console, or the auth token of an admin',
      )
    c.set('actor', actor)
    await next()
  })
  routes.get('/', async (c) => {
    const apps = await c.env.instance.store.apps.list()
    return c.json({ apps: apps.map(toManagedAppResponse) })
  })
  routes.post('/', async (c) => {
    const { store, now } = c.env.instance
    const { id = formatId(newId()), additional_auth_origins = [], ...given } = await readBody(c, newApp)
    const profile = appProfile({ ...given, additional_auth_origins })
    if (!(await store.apps.add(id, profile, c.get('actor'), now())))
      throw new ApiError('conflict', 'this app exists already: choose another id')
    c.set('logFields', { event: 'app-created', created: id })
    return c.json({ app: toManagedAppResponse((await store.apps.find(id))!) }, 201)
  })
  return routes
}

/** The route that invites an admin. */
export function invitationRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  routes.post('/invitations', async (c) => {
    if (c.get('app').id !== CONSOLE_APP_ID)
      throw new ApiError('not_found', 'only the app of the Console has invitations')
    const { store, base, now } = c.env.instance
    const { url, expiresAt } = await inviteAdmin(store, base.href, 'further', now())
    c.set('logFields', { event: 'invitation' })
    return c.json({ url, expires_at: Math.floor(expiresAt / 1000) }, 201)
  })
  return routes
}
