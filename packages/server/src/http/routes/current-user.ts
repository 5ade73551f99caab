import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { parseId, formatId } from '../../store/ids.ts'
import { requireUser } from '../authenticate.ts'
import type { Env } from '../request.ts'
import { toSessionResponse, toUserResponse } from '../to-response.ts'

/** Routes for signed-in users: they see and end their own sessions (ASVS 7.5.2). */
export function currentUserRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/currentuser', async (c) => {
    const { user } = await requireUser(c)
    const passkeys = await c.get('session').store.passkeys.list(user.app_id, user.id)
    return c.json({ user: toUserResponse(user, passkeys) })
  })

  routes.get('/currentuser/sessions', async (c) => {
    const { store, app, now } = c.get('session')
    const { user, sessionId } = await requireUser(c)
    const sessions = await store.sessions.list(app.id, user.id, now)
    return c.json({ sessions: sessions.map((session) => toSessionResponse(session, app, sessionId)) })
  })

  routes.delete('/currentuser/sessions', async (c) => {
    const { store, app, now, by } = c.get('session')
    const { user, sessionId } = await requireUser(c)
    if (c.req.query('others') !== 'true')
      throw new ApiError('invalid_request', 'send others=true to end all sessions except this one')
    await store.users.revokeOthers(app.id, user.id, sessionId, by('user'), now)
    c.set('logFields', { event: 'revoke-others', user: formatId(user.id), except: formatId(sessionId) })
    return c.body(null, 200)
  })

  routes.delete('/currentuser/sessions/:session', async (c) => {
    const { store, app, now, by } = c.get('session')
    const { user } = await requireUser(c)
    const id = parseId(c.req.param('session'))
    const event = { type: 'session-ended', actor: by('user') } as const
    if (!id || !(await store.sessions.end(app.id, user.id, id, 'revoked', event, now)))
      throw new ApiError('not_found', 'there is no such live session: list the sessions again')
    c.set('logFields', { event: 'session-ended', session: formatId(id) })
    return c.body(null, 200)
  })
  return routes
}
