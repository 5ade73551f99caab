import { cookies, headers } from 'next/headers.js'
import { NextResponse, type NextRequest } from 'next/server.js'
import { parseSetCookie } from 'cookie'
import { cache } from 'react'
import { addHeaders } from '../http/add-headers.ts'
import { withCookies } from '../http/with-cookies.ts'
import type { ServerSession } from '../session/server-session.ts'
import type { ServerSessions } from '../sessions.ts'

/** The sessions of an app with the App Router of Next. Its functions need no `this`. */
export interface NextSessions<Result> {
  /** For `proxy.ts`: refreshes ahead. Components, handlers and server functions of the same request see the new cookies. */
  proxy(request: NextRequest): Promise<NextResponse>
  /**
   * Opens the session of this request, once for all components that Next renders for it. It reads `headers()`, so the page
   * is dynamic.
   *
   * @throws TypeError in a page that is static by force
   */
  auth(): Promise<ServerSession<Result>>
  /** Wraps a route handler: it gets the session, and its response carries the session's cookies. */
  withAuth<Context>(
    handler: (
      request: Request,
      session: ServerSession<Result>,
      context: Context,
    ) => Response | Promise<Response>,
  ): (request: Request, context: Context) => Promise<Response>
  /** For a server function that has called `signIn()` or `signOut()` of a session: sets its cookies. */
  save(session: ServerSession<Result>): Promise<void>
}

/**
 * Binds the sessions of an app to Next.
 *
 * @example
 * ```ts
 * import { createServerSessions, sessionServer } from '@tokenkeep/ssr'
 * import { nextSessions } from '@tokenkeep/ssr/next'
 *
 * export const sessions = createServerSessions({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 *   appId: 'shop',
 *   origin: 'https://shop.example.com',
 *   keys: [process.env.SESSION_KEY!],
 * })
 * export const { proxy, auth, withAuth, save } = nextSessions(sessions)
 * ```
 */
export function nextSessions<Result>(sessions: ServerSessions<Result>): NextSessions<Result> {
  const refreshed = async (request: Request): Promise<ServerSession<Result>> => {
    const session = await sessions.open(request)
    await session.refreshAhead()
    return session
  }
  return {
    async proxy(request) {
      const session = await refreshed(request)
      const set = await session.headers()
      const seen = new Headers(request.headers)
      seen.set('cookie', withCookies(seen.get('cookie') ?? '', set.getSetCookie()))
      return NextResponse.next({ request: { headers: seen }, headers: set })
    },
    auth: cache(async () => {
      const sent = await headers()
      // Next gives no headers to a page that it renders once for everybody.
      if (sent.keys().next().done)
        throw new TypeError(
          'A static page has no session, because it is for everybody: let the browser ask for what belongs to one user.',
        )
      return sessions.open({ headers: sent })
    }),
    withAuth: (handler) => async (request, context) => {
      const session = await refreshed(request)
      const response = await handler(request, session, context)
      return addHeaders(response, await session.headers())
    },
    async save(session) {
      const jar = await cookies()
      for (const text of (await session.headers()).getSetCookie()) {
        const { name, value = '', ...attributes } = parseSetCookie(text)
        jar.set(name, value, attributes)
      }
    },
  }
}
