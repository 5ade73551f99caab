import { newUser, userChange, usersQuery } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { newId, parseId, showId } from '../../store/ids.ts'
import { body, query, type AppContext, type Env } from '../request.ts'
import { showPasskey, showUser } from '../to-response.ts'
import type { User, UserOrder } from '../../store/users.ts'

export async function userOf(c: AppContext): Promise<User> {
  const id = parseId(c.req.param('user') ?? '')
  const user = id && (await c.get('session').store.users.find(c.get('app').id, id))
  if (!user) throw new HttpError(404, 'user_not_found', 'no such user')
  return user
}

/** Users, and their passkeys. */
export function usersRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/users/:user'

  const showNow = async (c: AppContext, id: Buffer, status: 200 | 201 = 200): Promise<Response> => {
    const { store, app } = c.get('session')
    const [user, passkeys] = await Promise.all([
      store.users.find(app.id, id),
      store.passkeys.list(app.id, id),
    ])
    if (!user) throw new HttpError(404, 'user_not_found', 'no such user')
    return c.json({ user: { ...showUser(user), webauthn_devices: passkeys.map(showPasskey) } }, status)
  }
  const conflict = (): HttpError => new HttpError(409, 'conflict', 'a user has this identifier already')

  routes.get('/users', async (c, next) => {
    if (!c.get('actor')) return next()
    const { store, app, now } = c.get('session')
    const { page, limit, order_by, created_before, ...filter } = query(c, usersQuery)
    const order = (order_by.includes(':') ? order_by : `${order_by}:desc`) as UserOrder
    const before = created_before ?? Math.ceil(now / 1000)
    const { users, total } = await store.users.list(
      app.id,
      { ...filter, createdBefore: before * 1000 },
      order,
      limit,
      (page - 1) * limit,
    )
    const url = (to: number): { href: string } => {
      const search = new URLSearchParams({ ...c.req.query(), page: `${to}`, limit: `${limit}` })
      search.set('created_before', `${before}`)
      return { href: `${c.req.path}?${search}` }
    }
    const last = Math.max(Math.ceil(total / limit), 1)
    return c.json({
      users: users.map(showUser),
      total_users: total,
      page,
      limit,
      created_before: before,
      _links: {
        self: url(page),
        first: url(1),
        last: url(last),
        ...(page < last && { next: url(page + 1) }),
        ...(page > 1 && { previous: url(page - 1) }),
      },
    })
  })

  routes.post('/users', async (c) => {
    const { store, app, now } = c.get('session')
    const { identifier, email, phone, user_metadata = {} } = await body(c, newUser)
    const id = newId()
    const user = {
      identifier: (identifier ?? email ?? phone)!,
      status: 'active',
      metadata: JSON.stringify(user_metadata),
    } as const
    if (!(await store.users.add(app.id, id, user, c.get('actor'), now))) throw conflict()
    return showNow(c, id, 201)
  })

  routes.get(path, async (c) => showNow(c, (await userOf(c)).id))

  routes.patch(path, async (c) => {
    const { store, app, now } = c.get('session')
    const user = await userOf(c)
    const { identifier = user.identifier, user_metadata } = await body(c, userChange)
    const metadata = user_metadata ? JSON.stringify(user_metadata) : user.metadata
    const changed = await store.users.change(app.id, user.id, { identifier, metadata }, c.get('actor'), now)
    if (!changed) throw conflict()
    return showNow(c, user.id)
  })

  routes.delete(path, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await userOf(c)
    await store.users.remove(app.id, id, c.get('actor'), now)
    c.set('said', { event: 'user-deleted', user: showId(id) })
    return c.body(null, 200)
  })

  for (const status of ['activate', 'deactivate'] as const)
    routes.patch(`${path}/${status}`, async (c) => {
      const { store, app, now } = c.get('session')
      const { id } = await userOf(c)
      await store.users[status](app.id, id, c.get('actor'), now)
      c.set('said', { event: status, user: showId(id) })
      return showNow(c, id)
    })

  routes.get(`${path}/devices`, async (c) => {
    const { store, app } = c.get('session')
    const passkeys = await store.passkeys.list(app.id, (await userOf(c)).id)
    return c.json({ devices: passkeys.map(showPasskey) })
  })
  routes.delete(`${path}/devices/:device`, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await userOf(c)
    if (!(await store.passkeys.remove(app.id, id, c.req.param('device')!, c.get('actor'), now)))
      throw new HttpError(404, 'not_found', 'no such passkey')
    return c.body(null, 200)
  })
  return routes
}
