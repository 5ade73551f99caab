import { eventsQuery, statisticsQuery } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { parseId } from '../../store/ids.ts'
import { parseInput, readQuery, type Env } from '../request.ts'
import { toEventResponse, toPointResponse } from '../to-response.ts'

const DAY_SECONDS = 86_400

/** Reads an id of the query string. Throws {@link ApiError} `invalid_request` if it is not an id. */
function readId(text: string | undefined): Buffer | undefined {
  const id = text === undefined ? undefined : parseId(text)
  if (text !== undefined && !id)
    throw new ApiError('invalid_request', `${text} is not an id: send an id as the API returned it`)
  return id
}
const toMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000

/** Routes of the audit trail and the statistics. */
export function activityRoutes(): Hono<Env> {
  const routes = new Hono<Env>()

  routes.get('/events', async (c) => {
    const { store, app } = c.get('session')
    const types = c.req.queries('type')
    const { type, user_id, session_id, actor, from, to, limit, cursor } = parseInput(
      eventsQuery,
      { ...c.req.query(), type: types },
      'the query string is malformed',
    )
    const events = await store.events.list(app.id, {
      types: type,
      userId: readId(user_id),
      sessionId: readId(session_id),
      actor,
      from: toMs(from),
      to: toMs(to),
      before: cursor,
      limit: limit + 1,
    })
    const page = events.slice(0, limit)
    const more = events.length > limit && { next_cursor: String(page.at(-1)!.id) }
    return c.json({ events: page.map(toEventResponse), ...more })
  })

  routes.get('/statistics', async (c) => {
    const { store, app, now } = c.get('session')
    const { to = Math.floor(now / 1000) + 1, from = to - DAY_SECONDS, step } = readQuery(c, statisticsQuery)
    await c.env.instance.counts.flush()
    const points = await store.statistics.list(app.id, from * 1000, to * 1000, step * 1000)
    return c.json({ step, points: points.map(toPointResponse) })
  })
  return routes
}
