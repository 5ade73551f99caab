import { createAuthFetch } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import { addHeaders, type ServerSession } from '@tokenkeep/ssr'
import { askTest, idOf } from './contract.ts'
import { tokenOrCode } from './rendered.ts'
import { sessions } from './sessions.ts'

const { CONTROL } = process.env

/** What a route does with the session of its request. The adapter of a framework opens it, and sets its cookies. */
export type Handler = (request: Request, session: ServerSession<AuthResult>) => Promise<Response>

/** The API that the app calls. */
const callApi =
  (of: Request): typeof fetch =>
  async (input) => {
    const request = input as Request
    if (!CONTROL) return new Response('orders')
    const body = request.method === 'GET' ? {} : { body: await request.text() }
    return askTest(CONTROL, idOf(of)!, 'api', { method: request.method, headers: request.headers, ...body })
  }

/** Tells the test that a component renders. */
export async function whileRendering(request: { readonly headers: Pick<Headers, 'get'> }): Promise<void> {
  const id = idOf(request)
  if (CONTROL && id) await askTest(CONTROL, id, 'rendering')
}

/** The routes that change or use a session. */
export const handlers: Readonly<Record<string, Handler>> = {
  async 'sign-in'(request, session) {
    if (!sessions.isSameOrigin(request)) return new Response(null, { status: 403 })
    await session.signIn((await request.json()) as AuthResult)
    return new Response()
  },
  action: async (request) => new Response(await request.text()),
  // Its headers cannot be changed, like those of the response of a `fetch`.
  redirect: async ({ url }) => Response.redirect(new URL('/page', url), 303),
  async leave(request, session) {
    if (request.method !== 'POST') return new Response(null, { status: 405 })
    session.signOut()
    return new Response()
  },
  async orders(request, session) {
    const call = createAuthFetch(session, { origins: ['https://api.example'], fetch: callApi(request) })
    // Without a token, no request is sent.
    const status = await call('https://api.example/orders').then(
      (response) => response.status,
      () => 503,
    )
    return new Response(null, { status })
  },
}

/** The paths that need no adapter. */
export async function respond(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/api/orders') {
    const fetchApi = callApi(request)
    return sessions.forward(request, 'https://api.example/orders', { fetch: fetchApi })
  }
  if (pathname === '/proxied') return proxied(request)
  return sessions.handler(request)
}

/** A proxy refreshes, and the components see the request's cookies as they were sent. */
async function proxied(request: Request): Promise<Response> {
  const before = await sessions.open(request)
  await before.refreshAhead()
  const session = await sessions.open(request)
  await whileRendering(request)
  const tokens = await Promise.all(Array.from({ length: 8 }, () => tokenOrCode(session)))
  return addHeaders(Response.json({ snapshot: session.snapshot(), tokens }), await before.headers())
}
