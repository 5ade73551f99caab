import { addHeaders } from '@tokenkeep/ssr'
import type { MiddlewareHandler } from 'astro'
import { sessions } from './sessions'

/** Refreshes ahead, gives the session to each page and route as `locals.session`, and sets its cookies. */
export const onRequest: MiddlewareHandler = async ({ request, url, locals, isPrerendered }, next) => {
  // A prerendered page is for everybody, and the route of the browser half opens the session itself.
  if (isPrerendered || url.pathname.startsWith('/auth/')) return next()
  const session = await sessions.open(request)
  await session.refreshAhead()
  // Before `next`, so that the page knows that its refresh will be stored.
  const refreshed = await session.headers()
  locals.session = session
  const response = await next()
  // A page that says nothing else is for one user.
  const own = response.headers.has('cache-control') ? {} : { 'cache-control': 'private, no-cache' }
  // Last, what an action or a route has changed.
  return [new Headers(own), refreshed, await session.headers()].reduce(addHeaders, response)
}
