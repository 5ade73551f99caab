import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ServerSession, ServerSessions } from '@tokenkeep/ssr'
import type { Request as ExpressRequest, RequestHandler, Response as ExpressResponse } from 'express'

/** Refreshes ahead, gives the session to the handlers as `response.locals.session`, and sets its cookies. */
export const withSession =
  (sessions: ServerSessions): RequestHandler =>
  async (request, response, next) => {
    const headers = new Headers({ cookie: request.headers.cookie ?? '' })
    const session: ServerSession = await sessions.open({ method: request.method, headers })
    await session.refreshAhead()
    response.locals['session'] = session
    await writeSession(response)
    next()
  }

/** Sets the cookies of the session. Call it again after `signIn()` and `signOut()`. */
export async function writeSession(response: ExpressResponse): Promise<void> {
  const { session } = response.locals as { session: ServerSession }
  const headers = await session.headers()
  const control = headers.get('cache-control')
  if (control) response.set('cache-control', control)
  for (const cookie of headers.getSetCookie()) response.append('set-cookie', cookie)
}

/** Answers with a function that takes a `Request`: `app.all('/auth/{*path}', answerWith(sessions.handler))`. */
export const answerWith =
  (handle: (request: Request) => Promise<Response>): RequestHandler =>
  async (incoming, outgoing) => {
    const response = await handle(toRequest(incoming))
    outgoing.status(response.status)
    response.headers.forEach((value, name) => name !== 'set-cookie' && outgoing.set(name, value))
    for (const cookie of response.headers.getSetCookie()) outgoing.append('set-cookie', cookie)
    if (response.body) await pipeline(Readable.fromWeb(response.body as never), outgoing)
    else outgoing.end()
  }

function toRequest(incoming: ExpressRequest): Request {
  const url = new URL(incoming.originalUrl, `${incoming.protocol}://${incoming.host}`)
  const hasBody = !['GET', 'HEAD'].includes(incoming.method)
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}
  const headers = incoming.headers as Record<string, string>
  return new Request(url, { method: incoming.method, headers, ...body })
}
