import { settingsChange } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { CONSOLE_APP_ID, FIXED_FIELDS } from '../../operations/console-app.ts'
import { changeApp, profileFault } from '../../store/app-profile.ts'
import { readBody, header, type AppContext, type Env } from '../request.ts'
import { toManagedAppResponse } from '../to-response.ts'

/** The version that `If-Match` names, or the current one. */
function expectedVersion(c: AppContext, current: number): number {
  const condition = header(c, 'if-match')
  if (condition === undefined || condition === '*') return current
  const version = condition.match(/^(?:W\/)?"(\d{1,15})"$/)?.[1]
  if (version === undefined) throw new ApiError('invalid_request', 'If-Match: must be "<version>", in quotes')
  return Number(version)
}

/** Routes of an app's settings, and the route that ends all its sessions. */
export function settingsRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  const respondWithApp = async (c: AppContext): Promise<Response> => {
    const { store, app } = c.get('session')
    const found = (await store.apps.find(app.id))!
    c.header('etag', `"${found.version}"`)
    return c.json({ app: toManagedAppResponse(found) })
  }
  routes.get('/', (c, next) => (c.get('actor') ? respondWithApp(c) : next()))
  routes.get('/settings', respondWithApp)

  routes.patch('/settings', async (c) => {
    const { store, now } = c.get('session')
    const { id } = c.get('app')
    const change = await readBody(c, settingsChange)
    const app = (await store.apps.find(id))!
    const { profile, ...data } = changeApp(app, change)
    const fault = profileFault(profile)
    if (fault) throw new ApiError('invalid_request', fault)
    const kept = id === CONSOLE_APP_ID && Object.keys(data.after).find((name) => FIXED_FIELDS.includes(name))
    if (kept)
      throw new ApiError(
        'operation_not_allowed',
        `${kept}: the Console needs its own value, which cannot be changed`,
      )
    const actor = c.get('actor')
    if (!(await store.apps.change(id, expectedVersion(c, app.version), profile, data, actor, now)))
      throw new ApiError('conflict', 'the settings have changed meanwhile: read them again')
    c.env.instance.appCache.forget(id)
    c.set('logFields', { event: 'settings', changed: Object.keys(data.after) })
    return respondWithApp(c)
  })

  routes.delete('/sessions', async (c) => {
    const { store, app, now } = c.get('session')
    // The next whole second, because times in auth tokens are in seconds and every token of this second must end.
    await store.apps.endSessions(app.id, (Math.floor(now / 1000) + 1) * 1000, c.get('actor'), now)
    c.env.instance.appCache.forget(app.id)
    c.set('logFields', { event: 'not-before' })
    return c.body(null, 200)
  })
  return routes
}
