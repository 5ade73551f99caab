import { newInvitation } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { consoleLink, CONSOLE_APP_ID } from '../../operations/console-app.ts'
import { invite } from '../../operations/invite.ts'
import { formatId, parseId } from '../../store/ids.ts'
import { readOptionalBody, type Env } from '../request.ts'
import { roleFor } from './users.ts'
import { toInvitationResponse } from '../to-response.ts'

/** Routes of invitations: make one, list them, withdraw one. */
export function invitationRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/invitations', async (c) => {
    const { store, app, now } = c.get('session')
    return c.json({ invitations: (await store.invitations.list(app.id, now)).map(toInvitationResponse) })
  })
  routes.post('/invitations', async (c) => {
    const { store, app, now } = c.get('session')
    const { user_id, expires_in, role } = await readOptionalBody(c, newInvitation)
    const userId = user_id === undefined ? undefined : parseId(user_id)
    const user = userId && (await store.users.find(app.id, userId))
    if (user_id !== undefined && !user)
      throw new ApiError('user_not_found', 'there is no such user: check the id')
    const isNewAdmin = app.id === CONSOLE_APP_ID && !userId
    const options = {
      userId,
      role: roleFor(c, role) ?? (isNewAdmin ? 'admin' : undefined),
      lifetime: expires_in * 1000,
    } as const
    const { secret, invitation } = await invite(store, app.id, options, c.get('actor'), now)
    c.set('logFields', { event: 'invitation-created', invitation: formatId(invitation.id) })
    const url = app.id === CONSOLE_APP_ID ? consoleLink(c.env.instance.base.href, secret) : undefined
    const told = toInvitationResponse({ ...invitation, identifier: user?.identifier ?? null })
    return c.json({ invitation: told, secret, ...(url && { url }) }, 201)
  })
  routes.delete('/invitations/:invitation', async (c) => {
    const { store, app, now } = c.get('session')
    const id = parseId(c.req.param('invitation'))
    if (!id || !(await store.invitations.withdraw(app.id, id, c.get('actor'), now)))
      throw new ApiError('not_found', 'there is no such invitation: list the invitations again')
    c.set('logFields', { event: 'invitation-withdrawn', invitation: formatId(id) })
    return c.body(null, 200)
  })
  return routes
}
