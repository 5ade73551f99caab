import type { Handle } from '@sveltejs/kit/hooks'
import { addHeaders } from '@tokenkeep/ssr'
import { sessions } from './lib/server/sessions'

/** Refreshes ahead, gives the session to each `load`, action and route as `locals.session`, and sets its cookies. */
export const handle: Handle = async ({ event, resolve }) => {
  if (event.url.pathname.startsWith('/auth/')) return sessions.handler(event.request)
  const session = await sessions.open(event.request)
  await session.refreshAhead()
  // Before `resolve`, so that the page knows that its refresh will be stored.
  const refreshed = await session.headers()
  event.locals.session = session
  const response = addHeaders(await resolve(event), refreshed)
  // What an action or a route has changed.
  return addHeaders(response, await session.headers())
}
