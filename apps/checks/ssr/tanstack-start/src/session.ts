import { createMiddleware, createServerFn } from '@tanstack/react-start'
import { addHeaders } from '@tokenkeep/ssr'
import { sessions } from './sessions.server'

/** Refreshes ahead, gives the session to each server function and route as `context.session`, and sets its cookies. */
export const sessionMiddleware = createMiddleware().server(async ({ request, pathname, next }) => {
  const session = await sessions.open(request)
  // The route of the browser half opens the session itself.
  if (pathname.startsWith('/auth/')) return next({ context: { session } })
  await session.refreshAhead()
  // Before `next`, so that the page knows that its refresh will be stored.
  const refreshed = await session.headers()
  const { response } = await next({ context: { session } })
  // A page that says nothing else is for one user.
  const own = response.headers.has('cache-control') ? {} : { 'cache-control': 'private, no-cache' }
  // Last, what a function or a route has changed.
  return [new Headers(own), refreshed, await session.headers()].reduce(addHeaders, response)
})

/**
 * What the server knows, for the first render. The middleware runs for every function, so none names it. The claims of a
 * session are JSON, but their type does not say so.
 */
export const getSnapshot = createServerFn({ strict: { output: false } }).handler(({ context }) =>
  context.session.snapshot(),
)
