import type { ServerSession, ServerSessions } from '@tokenkeep/ssr'
import { createMiddleware } from 'hono/factory'

export interface SessionVariables {
  Variables: { session: ServerSession }
}

/** Refreshes ahead, gives the session to the handlers, and sets its cookies. */
export const withSession = (sessions: ServerSessions) =>
  createMiddleware<SessionVariables>(async (c, next) => {
    const session = await sessions.open(c.req.raw)
    await session.refreshAhead()
    c.set('session', session)
    // Called before the handler, so that the page knows that its refresh will be stored.
    const refreshed = await session.headers()
    await next()
    // What the handler has changed. `c.header` also changes the response of a `fetch`.
    for (const headers of [refreshed, await session.headers()])
      for (const [name, value] of headers) c.header(name, value, { append: name === 'set-cookie' })
  })
