import {
  DestroyRef,
  inject,
  makeStateKey,
  REQUEST_CONTEXT,
  TransferState,
  type EnvironmentProviders,
} from '@angular/core'
import { provideAuthToken } from '@tokenkeep/angular'
import { createAppSession, type AppSessionOptions } from '../browser/index.ts'
import { addHeaders } from '../http/add-headers.ts'
import type { ServerSession } from '../session/server-session.ts'
import type { SessionSnapshot } from '../session/state.ts'
import type { ServerSessions } from '../sessions.ts'

/** What `withSession` gives to the app as its `REQUEST_CONTEXT`. */
export interface SessionContext {
  readonly session: ServerSession
}

/** What renders a page: `handle` of `AngularAppEngine` or of `AngularNodeAppEngine`. */
export type RenderPage = (request: Request, context: SessionContext) => Promise<Response | null>

/**
 * Renders a page with the session of its request. Use it in `server.ts`. Resolves to null if the app has no such page.
 *
 * @example
 * ```ts
 * import { createServerSessions, sessionServer } from '@tokenkeep/ssr'
 * import { withSession } from '@tokenkeep/ssr/angular'
 *
 * const sessions = createServerSessions({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 *   appId: 'shop',
 *   origin: 'https://shop.example.com',
 *   keys: [process.env.SESSION_KEY!],
 * })
 * declare const engine: { handle(request: Request, context?: unknown): Promise<Response | null> }
 *
 * export const render = withSession(sessions, (request, context) => engine.handle(request, context))
 * ```
 */
export function withSession(sessions: ServerSessions, render: RenderPage) {
  return async (request: Request): Promise<Response | null> => {
    const session = await sessions.open(request)
    await session.refreshAhead()
    // Called before the page is rendered, so that the page knows that its refresh will be stored.
    const refreshed = await session.headers()
    const page = await render(request, { session })
    if (!page) return null
    const response = new Response(page.body, page)
    response.headers.append('vary', 'Cookie')
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache')
    return addHeaders(addHeaders(response, refreshed), await session.headers())
  }
}

const SNAPSHOT = makeStateKey<SessionSnapshot>('tokenkeep')

/**
 * Provides the token manager of a server-rendered app, for `injectAuthToken()`. Its first state is the server's. A page that
 * is prerendered has no session: there the browser asks its server.
 *
 * @example
 * ```ts
 * import type { ApplicationConfig } from '@angular/core'
 * import { provideClientHydration } from '@angular/platform-browser'
 * import { provideAppSession } from '@tokenkeep/ssr/angular'
 *
 * export const appConfig: ApplicationConfig = {
 *   providers: [provideClientHydration(), provideAppSession({ appId: 'shop' })],
 * }
 * ```
 */
export function provideAppSession(options: Omit<AppSessionOptions, 'snapshot'>): EnvironmentProviders {
  return provideAuthToken(() => {
    const transferred = inject(TransferState)
    const context = inject(REQUEST_CONTEXT, { optional: true }) as SessionContext | null
    if (context) transferred.set(SNAPSHOT, context.session.snapshot())
    const manager = createAppSession({ ...options, snapshot: transferred.get(SNAPSHOT, undefined) })
    inject(DestroyRef).onDestroy(manager.dispose)
    return { manager }
  })
}
