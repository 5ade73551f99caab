import type { H3Event } from 'h3'
import type { ServerSession } from '../../session/server-session.ts'

declare module 'h3' {
  interface H3EventContext {
    /**
     * The session of this request. A cached route has none: its answer is for everybody.
     *
     * @throws TypeError in a cached route
     */
    readonly session: ServerSession
  }
}

const sessions = new WeakMap<H3Event, ServerSession>()
const withCookie = new WeakSet<H3Event>()

/** Gives the session to everything that handles this request. */
export function setSession(event: H3Event, session: ServerSession): void {
  sessions.set(event, session)
  Object.defineProperty(event.context, 'session', {
    configurable: true,
    get() {
      // Nitro gives this context also to a route whose answer it caches.
      if (!isShared(event)) return session
      throw new TypeError(
        'A cached or prerendered route has no session, because its answer is for everybody: let the browser ask for what belongs to one user.',
      )
    },
  })
}

/** True if the answer of a route is for everybody. */
export const isShared = ({ context, node }: H3Event): boolean =>
  context['cache'] !== undefined || node.req.headers['x-nitro-prerender'] !== undefined

/** Adds the headers of the session to the response. Call it again at the end: Nitro may have set `Cache-Control` since. */
export async function writeSession(event: H3Event): Promise<readonly string[]> {
  const { res } = event.node
  const cookies = (await sessions.get(event)?.headers())?.getSetCookie() ?? []
  for (const cookie of cookies) res.appendHeader('set-cookie', cookie)
  if (cookies.length > 0) withCookie.add(event)
  if (withCookie.has(event)) res.setHeader('cache-control', 'private, no-store')
  return cookies
}
