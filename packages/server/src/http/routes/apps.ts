import { newApp } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { appProfile, profileFault } from '../../store/app-profile.ts'
import { isReserved } from '../../operations/console-app.ts'
import { ApiError } from '../../errors.ts'
import { newId, formatId } from '../../store/ids.ts'
import { authenticateManager } from '../authenticate.ts'
import { knownFieldsOnly } from '../known-fields.ts'
import { recentSignInOf } from '../recent-sign-in.ts'
import { scopeOf } from '../scopes.ts'
import { managementOperations } from '../openapi/management.ts'
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
  for (const operation of managementOperations)
    if (operation.path === '/v1/apps')
      routes.on(
        operation.method.toUpperCase(),
        '/',
        scopeOf(operation),
        recentSignInOf(operation),
        knownFieldsOnly(operation),
      )
  routes.get('/', async (c) => {
    const apps = await c.env.instance.store.apps.list()
    return c.json({ apps: apps.map(toManagedAppResponse) })
  })
  routes.post('/', async (c) => {
    const { store, now } = c.env.instance
    const { id = formatId(newId()), additional_auth_origins = [], ...given } = await readBody(c, newApp)
    if (isReserved(id))
      throw new ApiError('conflict', 'this id is reserved for the Console: choose another id')
    const profile = appProfile({ ...given, additional_auth_origins })
    const fault = profileFault(profile)
    if (fault) throw new ApiError('invalid_request', fault)
    if (!(await store.apps.add(id, profile, c.get('actor'), now())))
      throw new ApiError('conflict', 'this app exists already: choose another id')
    c.set('logFields', { event: 'app-created', created: id })
    return c.json({ app: toManagedAppResponse((await store.apps.find(id))!) }, 201)
  })
  return routes
}
