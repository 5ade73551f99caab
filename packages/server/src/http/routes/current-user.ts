import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { parseId, showId } from '../../store/ids.ts'
import { person } from '../authenticate.ts'
import type { Env } from '../request.ts'
import { showSession, showUser } from '../to-response.ts'

/** What a person may see and end of their own, with their auth token (ASVS 7.5.2). */
export function currentUserRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/currentuser', async (c) => c.json({ user: showUser((await person(c)).user) }))

  routes.get('/currentuser/sessions', async (c) => {
    const { store, app, now } = c.get('session')
    const { user, sessionId } = await person(c)
    const sessions = await store.sessions.list(app.id, user.id, now)
    return c.json({ sessions: sessions.map((session) => showSession(session, app, sessionId)) })
  })

  routes.delete('/currentuser/sessions', async (c) => {
    if (c.req.query('others') !== 'true')
      throw new HttpError(400, 'invalid_request', 'others=true ends all sessions but this one')
    const { store, app, now } = c.get('session')
    const { user, sessionId } = await person(c)
    await store.users.revokeOthers(app.id, user.id, sessionId, 'user', now)
    c.set('said', { event: 'revoke-others', user: showId(user.id), except: showId(sessionId) })
    return c.body(null, 200)
  })

  routes.delete('/currentuser/sessions/:session', async (c) => {
    const { store, app, now } = c.get('session')
    const { user } = await person(c)
    const id = parseId(c.req.param('session'))
    const event = { type: 'session-ended', actor: 'user' } as const
    if (!id || !(await store.sessions.end(app.id, user.id, id, 'revoked', event, now)))
      throw new HttpError(404, 'not_found', 'no such live session')
    c.set('said', { event: 'session-ended', session: showId(id) })
    return c.body(null, 200)
  })
  return routes
}
