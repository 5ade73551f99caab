import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { parseId, showId } from '../../store/ids.ts'
import { clientOf, type Env } from '../request.ts'
import { openSession } from '../../sessions/refresh.ts'
import { showSession } from '../to-response.ts'
import { userOf } from './users.ts'

/** A user's sessions, for whoever manages: open, list, end one, end all, end all but one. */
export function userSessionRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/users/:user'

  routes.post(`${path}/sessions`, async (c) => {
    const { id } = await userOf(c)
    const app = c.get('app').id
    const auth_result = await openSession(c.get('session'), id, clientOf(c), c.get('actor'))
    c.env.instance.counts.add(app, 'sign_ins')
    c.set('said', { event: 'sign-in', user: showId(id), by: 'backend' })
    return c.json({ auth_result }, 201)
  })
  routes.get(`${path}/sessions`, async (c) => {
    const { store, app, now } = c.get('session')
    const sessions = await store.sessions.list(app.id, (await userOf(c)).id, now)
    return c.json({ sessions: sessions.map((session) => showSession(session, app)) })
  })
  routes.delete(`${path}/sessions/:session`, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await userOf(c)
    const session = parseId(c.req.param('session')!)
    const event = { type: 'session-ended', actor: c.get('actor') } as const
    if (!session || !(await store.sessions.end(app.id, id, session, 'revoked', event, now)))
      throw new HttpError(404, 'not_found', 'no such live session')
    c.set('said', { event: 'session-ended', session: showId(session) })
    return c.body(null, 200)
  })
  routes.delete(`${path}/tokens`, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await userOf(c)
    const except = c.req.query('except')
    const actor = c.get('actor')
    if (except === undefined) await store.users.revokeAll(app.id, id, actor, now)
    else {
      const session = parseId(except)
      if (!session || !(await store.users.revokeOthers(app.id, id, session, actor, now)))
        throw new HttpError(404, 'not_found', 'no such live session')
    }
    c.set('said', { event: except ? 'revoke-others' : 'revoke-all', user: showId(id), except })
    return c.body(null, 200)
  })
  return routes
}
