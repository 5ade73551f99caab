import {
  isEmail,
  isPhone,
  newUser,
  userChange,
  usersQuery,
  type Role,
  type UserChange,
} from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { CONSOLE_APP_ID } from '../../store/apps.ts'
import { newId, parseId, formatId } from '../../store/ids.ts'
import { readBody, readQuery, type AppContext, type Env } from '../request.ts'
import { toPasskeyResponse, toUserResponse } from '../to-response.ts'
import { toUserFilter, toUserOrder } from '../user-query.ts'
import type { User } from '../../store/users.ts'

type Names = Pick<UserChange, 'identifier' | 'email' | 'phone'>

/** Returns the user in the path. Throws {@link ApiError} `user_not_found` if there is none. */
export async function requireManagedUser(c: AppContext): Promise<User> {
  const id = parseId(c.req.param('user') ?? '')
  const user = id && (await c.get('session').store.users.find(c.get('app').id, id))
  if (!user) throw new ApiError('user_not_found', 'there is no such user: check the id')
  return user
}

/**
 * The new identifier of a user. A user has one: an e-mail address does not replace a phone number, nor the other way round.
 * Throws {@link ApiError} `invalid_request`.
 */
function newIdentifier(current: string, { identifier, email, phone }: Names): string | undefined {
  const refused =
    (email !== undefined && !isEmail(current) && 'email') ||
    (phone !== undefined && !isPhone(current) && 'phone')
  if (refused)
    throw new ApiError(
      'invalid_request',
      `${refused}: this user has another kind of identifier, and a user has one: replace it with the field identifier`,
    )
  return identifier ?? email ?? phone
}

/** The role in a body. Throws {@link ApiError} `invalid_request` if the app is not the Console's. */
export function roleFor(c: AppContext, role: Role | undefined): Role | undefined {
  if (role !== undefined && c.get('app').id !== CONSOLE_APP_ID)
    throw new ApiError('invalid_request', 'role: only administrators have one, in the app of the Console')
  return role
}
const lastOwner = (): ApiError =>
  new ApiError('conflict', 'this is the last owner: make somebody else an owner first')

/** Routes of users and their passkeys, for managers. */
export function usersRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/users/:user'

  const respondWithUser = async (c: AppContext, id: Buffer, status: 200 | 201 = 200): Promise<Response> => {
    const { store, app } = c.get('session')
    const [user, passkeys] = await Promise.all([
      store.users.find(app.id, id),
      store.passkeys.list(app.id, id),
    ])
    if (!user) throw new ApiError('user_not_found', 'there is no such user: check the id')
    return c.json({ user: toUserResponse(user, passkeys) }, status)
  }
  /**
   * Gives an identifier to a user. If another user only claims it, it is taken away from that user. Throws
   * {@link ApiError} `conflict` if it is vouched for another user.
   */
  const vouch = async (c: AppContext, identifier: string, give: () => Promise<boolean>): Promise<void> => {
    const { store, app, now } = c.get('session')
    while (!(await give()))
      if (!(await store.accounts.withdrawClaim(app.id, identifier, c.get('actor'), now)))
        throw new ApiError('conflict', 'another user has this identifier: choose another one')
  }

  routes.get('/users', async (c, next) => {
    if (!c.get('actor')) return next()
    const { store, app, now } = c.get('session')
    const query = readQuery(c, usersQuery)
    const { page, limit, created_before: before = Math.ceil(now / 1000) } = query
    const { users, total } = await store.users.list(
      app.id,
      toUserFilter(query, before),
      toUserOrder(query),
      limit,
      (page - 1) * limit,
    )
    const link = (toPage: number): { href: string } => {
      const search = new URLSearchParams({ ...c.req.query(), page: `${toPage}`, limit: `${limit}` })
      search.set('created_before', `${before}`)
      return { href: `${c.env.instance.base.path}${c.req.path}?${search}` }
    }
    const last = Math.max(Math.ceil(total / limit), 1)
    return c.json({
      users: users.map((user) => toUserResponse(user)),
      total_users: total,
      page,
      limit,
      created_before: before,
      _links: {
        self: link(page),
        first: link(1),
        last: link(last),
        // The models of Passage's SDKs need both links. Without a page there, the address is empty.
        next: page < last ? link(page + 1) : { href: '' },
        previous: page > 1 ? link(page - 1) : { href: '' },
      },
    })
  })

  routes.post('/users', async (c, next) => {
    if (!c.get('actor')) return next()
    const { store, app, now } = c.get('session')
    const { identifier, email, phone, role, user_metadata = {} } = await readBody(c, newUser)
    const id = newId()
    const user = {
      identifier: (identifier ?? email ?? phone)!,
      status: 'active',
      role: roleFor(c, role) ?? (app.id === CONSOLE_APP_ID ? 'admin' : undefined),
      metadata: JSON.stringify(user_metadata),
    } as const
    await vouch(c, user.identifier, () => store.users.add(app.id, id, user, c.get('actor'), now))
    return respondWithUser(c, id, 201)
  })

  routes.get(path, async (c) => respondWithUser(c, (await requireManagedUser(c)).id))

  routes.patch(path, async (c) => {
    const { store, app, now } = c.get('session')
    const { id, identifier: current } = await requireManagedUser(c)
    const { identifier_origin: origin, role, user_metadata, ...names } = await readBody(c, userChange)
    const identifier = newIdentifier(current, names)
    if (roleFor(c, role) && !(await store.users.setRole(app.id, id, role!, c.get('actor'), now)))
      throw lastOwner()
    const metadata = user_metadata && JSON.stringify(user_metadata)
    const change = { identifier, origin, metadata }
    await vouch(c, identifier ?? current, () => store.users.change(app.id, id, change, c.get('actor'), now))
    return respondWithUser(c, id)
  })

  routes.delete(path, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await requireManagedUser(c)
    if (!(await store.users.remove(app.id, id, c.get('actor'), now)) && (await store.users.find(app.id, id)))
      throw lastOwner()
    c.set('logFields', { event: 'user-deleted', user: formatId(id) })
    return c.body(null, 200)
  })

  for (const status of ['activate', 'deactivate'] as const)
    routes.patch(`${path}/${status}`, async (c) => {
      const { store, app, now } = c.get('session')
      const { id } = await requireManagedUser(c)
      const changed = await store.users[status](app.id, id, c.get('actor'), now)
      if (!changed && status === 'deactivate' && (await requireManagedUser(c)).status === 'active')
        throw lastOwner()
      c.set('logFields', { event: status, user: formatId(id) })
      return respondWithUser(c, id)
    })

  routes.get(`${path}/devices`, async (c) => {
    const { store, app } = c.get('session')
    const passkeys = await store.passkeys.list(app.id, (await requireManagedUser(c)).id)
    return c.json({ devices: passkeys.map(toPasskeyResponse) })
  })
  routes.delete(`${path}/devices/:device`, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await requireManagedUser(c)
    if (!(await store.passkeys.remove(app.id, id, c.req.param('device')!, c.get('actor'), now)))
      throw new ApiError('device_not_found', 'there is no such passkey: list the passkeys again')
    return c.body(null, 200)
  })
  return routes
}
