import { newApp } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { appProfile } from '../../store/app-profile.ts'
import { consoleId, inviteAdmin } from '../../operations/console-app.ts'
import { HttpError } from '../../errors.ts'
import { newId, showId } from '../../store/ids.ts'
import { managerOf } from '../authenticate.ts'
import { body, type Env } from '../request.ts'
import { showManagedApp } from '../to-response.ts'

/** The instance's apps, for its admins. */
export function appsRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.use('/', async (c, next) => {
    const actor = await managerOf(c)
    if (!actor) throw new HttpError(401, 'invalid_access_token', 'an admin of the console is needed')
    c.set('actor', actor)
    await next()
  })
  routes.get('/', async (c) => {
    const apps = await c.env.instance.store.apps.list()
    return c.json({ apps: apps.map(showManagedApp) })
  })
  routes.post('/', async (c) => {
    const { store, now } = c.env.instance
    const { id = showId(newId()), additional_auth_origins = [], ...given } = await body(c, newApp)
    const profile = appProfile({ ...given, additional_auth_origins })
    if (!(await store.apps.add(id, profile, c.get('actor'), now())))
      throw new HttpError(409, 'conflict', 'this app exists already')
    c.set('said', { event: 'app-created', created: id })
    return c.json({ app: showManagedApp((await store.apps.find(id))!) }, 201)
  })
  return routes
}

/** Who may become an admin. */
export function invitationRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  routes.post('/invitations', async (c) => {
    if (c.get('app').id !== consoleId) throw new HttpError(404, 'not_found', 'nothing is here')
    const { store, baseUrl, now } = c.env.instance
    const { url, expiresAt } = await inviteAdmin(store, baseUrl, 'further', now())
    c.set('said', { event: 'invitation' })
    return c.json({ url, expires_at: Math.floor(expiresAt / 1000) }, 201)
  })
  return routes
}
