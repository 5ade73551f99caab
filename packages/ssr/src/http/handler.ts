import type { ServerSession } from '../session/server-session.ts'
import { addHeaders } from './add-headers.ts'
import { pathOnOrigin } from './return-to.ts'
import { isSameOrigin, SCRIPT_HEADER } from './same-origin.ts'

export interface HandlerContext {
  readonly origin: string
  /** The path of the routes, without a slash at its end. */
  readonly basePath: string
  readonly browserHasToken: boolean
  open(request: Request): Promise<ServerSession>
}

const refuse = (status: number, error: string, headers = {}): Response =>
  Response.json({ error }, { status, headers: { 'cache-control': 'private, no-store', ...headers } })

/**
 * Answers the requests of the browser half. All routes are POST: nothing changes by a GET, which a browser may send ahead.
 * - `/token`: refreshes if the token that the browser names is the current one, or is about to expire
 * - `/state`: refreshes if the token is about to expire
 * - `/sign-out`: ends the session; if a script names one (`sessionId`), only that one. A form may post it, with `returnTo`
 *   as a field.
 *
 * Each answers with a `SessionSnapshot`; a form gets a redirect.
 */
export function createHandler({ origin, basePath, browserHasToken, open }: HandlerContext) {
  const routes: Record<string, Route> = {
    async state(_, session) {
      await session.refreshAhead()
      return undefined
    },
    async token(request, session) {
      if (!browserHasToken) return refuse(404, 'In this app the browser has no auth token: ask for /state.')
      const { token } = await readJson(request)
      await session
        .getAuthToken({ rejected: typeof token === 'string' ? token : undefined })
        .catch(() => undefined)
      await session.refreshAhead()
      return undefined
    },
    async 'sign-out'(request, session) {
      if (isScript(request)) {
        const current = session.state().session?.id
        const { sessionId = current } = await readJson(request)
        // A late sign-out must not end the session of somebody who has signed in since.
        if (sessionId === current) session.signOut()
        return undefined
      }
      session.signOut()
      const form = await request.formData().catch(() => undefined)
      const target = form?.get('returnTo')
      const location = pathOnOrigin(typeof target === 'string' ? target : '/', origin)
      return new Response(null, { status: 303, headers: { location } })
    },
  }

  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const name = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length + 1) : ''
    if (!Object.hasOwn(routes, name)) return refuse(404, 'There is no such route.')
    if (request.method !== 'POST') return refuse(405, 'Send a POST.', { allow: 'POST' })
    if (!isSameOrigin(request, origin)) return refuse(403, `The request must come from a page of ${origin}.`)
    if (name !== 'sign-out' && !isScript(request)) return refuse(403, `Send the header ${SCRIPT_HEADER}.`)

    const session = await open(request)
    const answered = await routes[name]!(request, session)
    const headers = await session.headers()
    const response =
      answered ?? Response.json(session.snapshot(), { headers: { 'cache-control': 'private, no-store' } })
    return addHeaders(response, headers)
  }
}

type Route = (request: Request, session: ServerSession) => Promise<Response | undefined>

const readJson = async (request: Request): Promise<Record<string, unknown>> =>
  ((await request.json().catch(() => undefined)) as Record<string, unknown> | undefined) ?? {}

const isScript = ({ headers }: Request): boolean => headers.get(SCRIPT_HEADER) !== null
