import { createHash, randomBytes } from 'node:crypto'
import { identifierRequest, pageRequest, settings, settingsChange, settingsFault } from '@tokenkeep/protocol'
import { Hono, type MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import { HttpError } from './http-error.ts'
import { newId, parseId, showId } from './ids.ts'
import { body, type AppContext, type Variables } from './request.ts'
import { openSession } from './sessions.ts'
import { showManagedApp, showSession, showUser } from './show.ts'
import type { Store, User } from './store.ts'

const hash = (key: string): Buffer => createHash('sha256').update(key).digest()

/** Makes an API key and returns it: the only time it is seen. */
export function createApiKey(store: Store, appId: string, now: number): string {
  const key = `tk1.${randomBytes(32).toString('base64url')}`
  store.addApiKey(appId, hash(key), now)
  return key
}

/** True where the request brings an API key of the app. A lookup by hash: comparing takes no time that tells anything. */
function hasApiKey(c: AppContext): boolean {
  const key = c.req.header('authorization')?.match(/^Bearer (tk1\..+)$/)?.[1]
  return key !== undefined && c.get('session').store.hasApiKey(c.get('app').id, hash(key))
}

function userOf(c: AppContext): User {
  const id = parseId(c.req.param('user') ?? '')
  const user = id && c.get('session').store.user(c.get('app').id, id)
  if (!user) throw new HttpError(404, 'user_not_found', 'no such user')
  return user
}

/** What an app's own backend calls, with an API key. */
export function managementRoutes(log: Logger): Hono<{ Variables: Variables }> {
  const routes = new Hono<{ Variables: Variables }>()
  const path = '/users/:user'
  const key: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
    if (!hasApiKey(c)) throw new HttpError(401, 'invalid_access_token', 'an API key of this app is needed')
    await next()
  }
  for (const each of ['/settings', path, `${path}/*`]) routes.use(each, key)

  routes.get('/', (c, next) => (hasApiKey(c) ? c.json({ app: showManagedApp(c.get('app')) }) : next()))

  routes.patch('/settings', async (c) => {
    const { store, app } = c.get('session')
    const change = await body(c, settingsChange)
    const next = settings.parse({
      ...app,
      ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
    })
    const fault = settingsFault(next)
    if (fault) throw new HttpError(400, 'invalid_request', fault)
    const version = Number(c.req.header('if-match')?.replaceAll('"', '') ?? app.version)
    if (!store.changeSettings(app.id, version, next))
      throw new HttpError(409, 'conflict', 'somebody else changed the settings meanwhile')
    return c.json({ app: showManagedApp(store.app(app.id)!) })
  })

  routes.post('/users', key, async (c) => {
    const { store, app, now } = c.get('session')
    const { identifier } = await body(c, identifierRequest)
    const id = newId()
    if (!store.addUser(app.id, id, identifier, 'active', now))
      throw new HttpError(409, 'conflict', 'this user exists already')
    return c.json({ user: showUser(store.user(app.id, id)!) }, 201)
  })
  routes.get('/users', async (c, next) => {
    if (!hasApiKey(c)) return next()
    const { store, app } = c.get('session')
    const asked = pageRequest.safeParse(c.req.query())
    if (!asked.success)
      throw new HttpError(400, 'invalid_request', 'page and limit are numbers, limit at most 500')
    const { page, limit, identifier } = asked.data
    const { users, total } = store.users(app.id, identifier ?? null, limit, (page - 1) * limit)
    return c.json({ users: users.map(showUser), total_users: total, page, limit })
  })
  routes.get(path, (c) => c.json({ user: showUser(userOf(c)) }))

  const setStatus = (status: 'active' | 'inactive') => (c: AppContext) => {
    const { store, app, now } = c.get('session')
    const { id } = userOf(c)
    store.setStatus(app.id, id, status, now)
    return c.json({ user: showUser(store.user(app.id, id)!) })
  }
  routes.patch(`${path}/activate`, setStatus('active'))
  routes.patch(`${path}/deactivate`, setStatus('inactive'))

  routes.delete(`${path}/tokens`, (c) => {
    const { store, app, now } = c.get('session')
    store.revokeAll(app.id, userOf(c).id, now)
    return c.body(null, 200)
  })

  routes.post(`${path}/sessions`, (c) => {
    const { id } = userOf(c)
    const result = openSession(c.get('session'), id)
    log.info({ app: c.get('app').id, user: showId(id), by: 'backend' }, 'sign-in')
    return c.json({ auth_result: result }, 201)
  })
  routes.get(`${path}/sessions`, (c) => {
    const { store, app, now } = c.get('session')
    return c.json({ sessions: store.sessions(app.id, userOf(c).id, now).map(showSession) })
  })
  routes.delete(`${path}/sessions/:session`, (c) => {
    const { store, app, now } = c.get('session')
    const session = parseId(c.req.param('session') ?? '')
    if (!session || !store.endSession(app.id, userOf(c).id, session, 'revoked', now, 'end'))
      throw new HttpError(404, 'not_found', 'no such live session')
    return c.body(null, 200)
  })
  return routes
}
