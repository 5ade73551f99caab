import { addHeaders, type ServerSession } from '@tokenkeep/ssr'
import { createContext, type MiddlewareFunction } from 'react-router'
import { sessions } from './sessions.server'

/** For loaders and actions: `context.get(sessionContext)`. */
export const sessionContext = createContext<ServerSession>()

/** Refreshes ahead once for all loaders, and sets the cookies of the session. */
export const sessionMiddleware: MiddlewareFunction<Response> = async ({ request, context }, next) => {
  // The route of the browser half opens the session itself.
  if (new URL(request.url).pathname.startsWith('/auth/')) return next()
  const session = await sessions.open(request)
  await session.refreshAhead()
  // Before `next`, so that the page knows that its refresh will be stored.
  const refreshed = await session.headers()
  context.set(sessionContext, session)
  const response = await next()
  // A page that says nothing else is for one user.
  const own = response.headers.has('cache-control') ? {} : { 'cache-control': 'private, no-cache' }
  // Last, what an action or a loader has changed.
  return [new Headers(own), refreshed, await session.headers()].reduce(addHeaders, response)
}
