import { eventsQuery, statisticsQuery } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { HttpError } from '../../errors.ts'
import { parseId } from '../../store/ids.ts'
import { valid, query, type Env } from '../request.ts'
import { showEvent, showPoint } from '../to-response.ts'

const day = 86_400

/** An id in a query; one that can't be one is wrong, not absent. */
function idOf(text: string | undefined): Buffer | undefined {
  const id = text === undefined ? undefined : parseId(text)
  if (text !== undefined && !id) throw new HttpError(400, 'invalid_request', `${text} is no id`)
  return id
}
const ms = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000

/** What happened: the audit trail, and numbers. */
export function activityRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/events', async (c) => {
    const { store, app } = c.get('session')
    const types = c.req.queries('type')
    const { type, user_id, session_id, from, to, limit, cursor } = valid(
      eventsQuery,
      { ...c.req.query(), type: types },
      'not a query',
    )
    const events = await store.events.list(app.id, {
      types: type,
      userId: idOf(user_id),
      sessionId: idOf(session_id),
      from: ms(from),
      to: ms(to),
      before: cursor,
      limit: limit + 1,
    })
    const page = events.slice(0, limit)
    const more = events.length > limit && { next_cursor: String(page.at(-1)!.id) }
    return c.json({ events: page.map(showEvent), ...more })
  })

  routes.get('/statistics', async (c) => {
    const { store, app, now } = c.get('session')
    const { to = Math.floor(now / 1000) + 1, from = to - day, step } = query(c, statisticsQuery)
    await c.env.instance.counts.flush()
    const points = await store.statistics.list(app.id, from * 1000, to * 1000, step * 1000)
    return c.json({ step, points: points.map(showPoint) })
  })
  return routes
}
