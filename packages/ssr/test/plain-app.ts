import { createAuthFetch, type Transport } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import {
  addHeaders,
  createServerSessions,
  type ServerSession,
  type ServerSessions,
  type ServerSessionsOptions,
} from '../src/index.ts'

export const origin = 'https://shop.example'

/** What every app of the contract is made of. Each call of `MakeApp` is one instance of the app, with its own memory. */
export interface AppOptions extends Pick<
  ServerSessionsOptions<AuthResult>,
  'keys' | 'appId' | 'cookie' | 'browser' | 'store' | 'onEvent' | 'environment'
> {
  readonly transport: Transport<AuthResult>
  /** The secret of `transport`. */
  readonly clientSecret: string
  /** Opens a session at the session server, as a sign-in does. */
  openSession(userId: string): Promise<AuthResult>
  /** The API that the app calls. */
  callApi(request: Request): Promise<Response>
  /** Called while a component renders. */
  whileRendering?(request: Request): Promise<void>
}

export interface App {
  fetch(request: Request): Promise<Response>
}
export type MakeApp = (options: AppOptions) => App

/** What `/page` answers: the state of the first render, and the token or the error code that each component got. */
export interface Rendered {
  readonly snapshot: ReturnType<ServerSession['snapshot']>
  readonly tokens: readonly string[]
}

const COMPONENTS = 8

/**
 * An app without a framework. Each adapter of a framework serves the same paths:
 * - `POST /sign-in?user=`, `POST /action` (echoes its body), `/auth/*`
 * - `GET /redirect` (to `/page`), `POST /leave`: refreshes ahead as every page does, and then signs out
 * - `GET /page`: a proxy that sets cookies, and eight components
 * - `GET /component`: eight components that cannot set a cookie
 * - `GET /proxied`: a proxy, and components that see the request's cookies as they were sent
 * - `GET /orders`: the app calls an API
 * - `/api/orders`: forwards to an API
 * - `GET /public`: a page without a session
 */
export const makePlainApp: MakeApp = (options) => {
  const sessions = createServerSessions({ origin, ...options })
  const answer = plainRoutes(sessions, options)
  return { fetch: (request) => (answer[new URL(request.url).pathname] ?? sessions.handler)(request) }
}

/** The routes of the app, by path. An app in a framework replaces those that its framework serves. */
export function plainRoutes(
  sessions: ServerSessions<AuthResult>,
  { openSession, callApi, whileRendering }: AppOptions,
): Record<string, (request: Request) => Promise<Response>> {
  const render = async (request: Request, session: ServerSession): Promise<Rendered> => {
    await whileRendering?.(request)
    return renderComponents(session)
  }

  return {
    async '/page'(request) {
      const session = await sessions.open(request)
      await session.refreshAhead()
      const rendered = await render(request, session)
      const headers = await session.headers()
      if (!headers.has('cache-control')) headers.set('cache-control', 's-maxage=60')
      headers.set('vary', 'cookie')
      return Response.json({ ...rendered, snapshot: session.snapshot() }, { headers })
    },
    '/component': async (request) => Response.json(await render(request, await sessions.open(request))),
    async '/proxied'(request) {
      const session = await sessions.open(request)
      await session.refreshAhead()
      const headers = await session.headers()
      return Response.json(await render(request, await sessions.open(request)), { headers })
    },
    async '/action'(request) {
      const session = await sessions.open(request)
      await session.refreshAhead()
      return new Response(await request.text(), { headers: await session.headers() })
    },
    async '/redirect'(request) {
      const session = await sessions.open(request)
      await session.refreshAhead()
      const headers = await session.headers()
      headers.set('location', '/page')
      return new Response(null, { status: 303, headers })
    },
    async '/leave'(request) {
      if (request.method !== 'POST') return new Response(null, { status: 405 })
      const session = await sessions.open(request)
      await session.refreshAhead()
      const refreshed = await session.headers()
      session.signOut()
      return addHeaders(new Response(null, { headers: refreshed }), await session.headers())
    },
    async '/sign-in'(request) {
      if (!sessions.isSameOrigin(request)) return new Response(null, { status: 403 })
      if (request.method !== 'POST') return new Response(null, { status: 405 })
      const session = await sessions.open(request)
      await session.signIn(await openSession(new URL(request.url).searchParams.get('user')!))
      return new Response(null, { headers: await session.headers() })
    },
    async '/orders'(request) {
      const session = await sessions.open(request)
      await session.refreshAhead()
      const call = createAuthFetch(session, {
        origins: ['https://api.example'],
        fetch: (input) => callApi(input as Request),
      })
      const { status } = await call('https://api.example/orders')
      return new Response(null, { status, headers: await session.headers() })
    },
    '/api/orders': (request) =>
      sessions.forward(request, 'https://api.example/orders', {
        fetch: (input) => callApi(input as Request),
      }),
    '/public': async () => new Response('hello'),
  }
}

/** Lets all components of a page ask for the token in parallel. */
export async function renderComponents(session: ServerSession): Promise<Rendered> {
  const tokens = await Promise.all(
    Array.from({ length: COMPONENTS }, () =>
      session.getAuthToken().catch(({ code }: { code: string }) => `error: ${code}`),
    ),
  )
  return { snapshot: session.snapshot(), tokens }
}
