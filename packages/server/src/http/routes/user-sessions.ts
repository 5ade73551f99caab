import { newSession, userSessionsQuery } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import type { z } from 'zod'
import { ApiError } from '../../errors.ts'
import { parseId, formatId } from '../../store/ids.ts'
import { clientInfo, readOptionalBody, readQuery, shorten, type Env } from '../request.ts'
import { openSession } from '../../sessions/sign-in.ts'
import type { SessionContext } from '../../sessions/token-response.ts'
import type { Authentication } from '../../store/session-row.ts'
import { toSessionResponse } from '../to-response.ts'
import { requireManagedUser } from './users.ts'

/** How far the clock of a backend can be ahead. */
const CLOCK_TOLERANCE_MS = 30_000

/**
 * The authentication that a backend vouches for. Throws {@link ApiError} `invalid_request` if it is of the future, or if all
 * sessions have ended since: then it counts no more, and backends would refuse its auth tokens.
 */
function vouchedAuthentication(
  { app, now }: SessionContext,
  { auth_time, amr, acr }: Pick<z.infer<typeof newSession>, 'auth_time' | 'amr' | 'acr'>,
): Authentication {
  const time = auth_time === undefined ? now : auth_time * 1000
  if (time > now + CLOCK_TOLERANCE_MS)
    throw new ApiError('invalid_request', 'auth_time: is in the future: send Unix seconds, and set the clock')
  if (auth_time !== undefined && time < app.not_before)
    throw new ApiError('invalid_request', 'auth_time: all sessions have ended since: sign the user in again')
  return { time: Math.min(time, now), amr: amr?.length ? amr.join(' ') : null, acr: acr ?? null }
}

/** Routes of a user's sessions, for managers: open, list, end one, end all, end all except one. */
export function userSessionRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  const path = '/users/:user'

  routes.post(`${path}/sessions`, async (c) => {
    const { id, origin } = await requireManagedUser(c)
    // A backend that found this user by the identifier would sign the identifier's owner in to a stranger's account.
    if (origin === 'claimed')
      throw new ApiError(
        'conflict',
        'a stranger claims this identifier: add its owner with POST /users, or, if you know that this account is theirs, vouch for it with PATCH and identifier_origin',
      )
    const app = c.get('app').id
    const { ip, user_agent, jkt, ...assurance } = await readOptionalBody(c, newSession)
    if (jkt !== undefined && c.get('app').binding === 'off')
      throw new ApiError('invalid_request', 'jkt: this app binds no sessions: change its setting binding')
    const client = {
      ...clientInfo(c),
      ...(ip && { ip }),
      ...(user_agent && { user_agent: shorten(user_agent) }),
    }
    const authentication = vouchedAuthentication(c.get('session'), assurance)
    const auth_result = await openSession(c.get('session'), id, client, {
      jkt,
      authentication,
      actor: c.get('actor'),
    })
    c.env.instance.counts.add(app, 'sign_ins')
    c.set('logFields', { event: 'sign-in', user: formatId(id), by: 'backend' })
    return c.json({ auth_result }, 201)
  })
  routes.get(`${path}/sessions`, async (c) => {
    const { store, app, now } = c.get('session')
    const { page, limit } = readQuery(c, userSessionsQuery)
    const live = await store.sessions.list(app.id, (await requireManagedUser(c)).id, now)
    const sessions = live.map((session) => toSessionResponse(session, app))
    const size = limit ?? sessions.length
    return c.json({
      sessions: sessions.slice((page - 1) * size, page * size),
      total_sessions: sessions.length,
      total_devices: new Set(sessions.map(({ user_agent }) => user_agent)).size,
    })
  })
  routes.delete(`${path}/sessions/:session`, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await requireManagedUser(c)
    const session = parseId(c.req.param('session')!)
    const event = { type: 'session-ended', actor: c.get('actor') } as const
    if (!session || !(await store.sessions.end(app.id, id, session, 'revoked', event, now)))
      throw new ApiError('not_found', 'there is no such live session: list the sessions again')
    c.set('logFields', { event: 'session-ended', session: formatId(session) })
    return c.body(null, 200)
  })
  routes.delete(`${path}/tokens`, async (c) => {
    const { store, app, now } = c.get('session')
    const { id } = await requireManagedUser(c)
    const except = c.req.query('except')
    const actor = c.get('actor')
    if (except === undefined) await store.users.revokeAll(app.id, id, actor, now)
    else {
      const session = parseId(except)
      if (!session || !(await store.users.revokeOthers(app.id, id, session, actor, now)))
        throw new ApiError('not_found', 'there is no such live session: list the sessions again')
    }
    c.set('logFields', { event: except ? 'revoke-others' : 'revoke-all', user: formatId(id), except })
    return c.body(null, 200)
  })
  return routes
}
