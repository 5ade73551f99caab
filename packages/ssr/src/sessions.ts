import type { Transport } from '@tokenkeep/core'
import { onServerTime, platform, type ServerEnvironment } from './environment.ts'
import type { SessionEvent } from './events.ts'
import { createForward, type ForwardOptions } from './http/forward.ts'
import { createHandler } from './http/handler.ts'
import { isSameOrigin } from './http/same-origin.ts'
import { createSeal } from './sealing/seal.ts'
import { createAskServer } from './session/ask-server.ts'
import { nameCookies, type CookieOptions } from './session/cookie-names.ts'
import { openCookies } from './session/open-cookies.ts'
import { createRefresh, type Refresh } from './session/refresher.ts'
import { createRevoke } from './session/revoker.ts'
import { createServerSession, type ServerSession } from './session/server-session.ts'
import { shareEntries } from './session/shared-entries.ts'
import { shareRefresh } from './session/shared-refresh.ts'
import { revokeShared } from './session/shared-sign-out.ts'
import { cookieWriter } from './session/write-cookies.ts'
import type { SessionStore } from './stores/session-store.ts'

export interface ServerSessionsOptions<Result> {
  /** How this server reaches the session server. */
  readonly transport: Transport<Result>
  /**
   * Names the cookies, and makes their key differ from that of other apps. Each app of an origin needs its own:
   * letters, digits, `_` and `-`.
   */
  readonly appId: string
  /** The address that users see, such as `https://shop.example.com`. Requests of other origins change nothing. */
  readonly origin: string
  /**
   * Secrets of 32 characters or more. The first seals; all of them open. To change the key, put a new secret in front,
   * and remove the old one when its last cookie has been refreshed or has expired.
   */
  readonly keys: readonly string[]
  readonly cookie?: CookieOptions
  /**
   * `refreshAhead()` refreshes a token that expires within this time, but never in the first three quarters of its life.
   * Seconds; default 10.
   */
  readonly aheadSeconds?: number
  /** Where the routes of `handler` are. Default: `/auth`. */
  readonly basePath?: string
  /**
   * - `token`: the browser gets the auth token, never the refresh token. Its scripts call APIs of any origin.
   * - `none`: the browser gets no token. Its API calls pass through this server.
   *
   * Default: `token`.
   */
  readonly browser?: 'token' | 'none'
  /**
   * A store that all instances share: `postgresStore` or `redisStore`. It is for authorization servers that accept each
   * refresh token once. A Tokenkeep session server needs none. Default: none.
   */
  readonly store?: SessionStore
  readonly onEvent?: (event: SessionEvent) => void
  /** The clock and `fetch`. Default: the platform's. */
  readonly environment?: ServerEnvironment
}

/** The part of a request that `open` reads. A `Request` fits, and so does `{ headers: await headers() }` in Next.js. */
export interface SessionRequest {
  readonly method?: string
  readonly headers: Pick<Headers, 'get'>
}

/** The sessions of an app. Create them once per process. The functions need no `this`. */
export interface ServerSessions<Result = unknown> {
  /** Opens the session of a request. It sends no request, and without a cookie it costs nothing. Never rejects. */
  open(request: SessionRequest): Promise<ServerSession<Result>>
  /** Answers the POST requests of the browser half: `/token`, `/state` and `/sign-out` below `basePath`. */
  handler(request: Request): Promise<Response>
  /**
   * Forwards a request of the browser to an API, with the auth token, and returns its answer. If the API says 401, the token
   * is refreshed and the request is sent once more. Cookies pass in neither direction.
   */
  forward(request: Request, to: string | URL, options?: ForwardOptions): Promise<Response>
  /**
   * Tells whether a page of this app sent a request. Check it in every route of yours that changes something: browsers send
   * the cookies also if another site's page sends the request.
   */
  isSameOrigin(request: SessionRequest): boolean
}

/**
 * Creates the sessions of a server-rendered app. Each session is one record, sealed in an HttpOnly cookie. Each request of
 * the server uses it like a tab that lives for one request, so any number of instances share a session without a store.
 *
 * @throws TypeError if a key is too short, if `origin` is no address, or if `appId` cannot be part of a cookie's name. A
 *   framework's build runs this code too, so the build needs these values
 *
 * @example
 * ```ts
 * import { createServerSessions, sessionServer } from '@tokenkeep/ssr'
 *
 * const sessions = createServerSessions({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 *   appId: 'shop',
 *   origin: 'https://shop.example.com',
 *   keys: [process.env.SESSION_KEY!],
 * })
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const session = await sessions.open(request)
 *   await session.refreshAhead()
 *   const { status } = session.state()
 *   return new Response(status, { headers: await session.headers() })
 * }
 * ```
 */
export function createServerSessions<Result>(options: ServerSessionsOptions<Result>): ServerSessions<Result> {
  const { transport, appId, keys, cookie, aheadSeconds = 10, browser = 'token' } = options
  /** Called in a microtask, so that a listener that throws cannot fail a response. */
  const onEvent = (event: SessionEvent): void => queueMicrotask(() => options.onEvent?.(event))
  const { basePath = '/auth', environment = platform, store } = options
  const origin = parseOrigin(options.origin)
  const clock = onServerTime(environment)
  const names = nameCookies(appId, origin, cookie)
  const seal = createSeal(keys, appId)
  const ask = createAskServer(transport, clock.now)
  const revoke = createRevoke(transport, clock)
  const entries = store && shareEntries(store, names, seal, clock.now)
  const onStoreFailed = (cause: unknown): void => onEvent({ type: 'store-failed', cause })
  const advance: Refresh = entries
    ? shareRefresh(entries, ask, revoke, clock, onStoreFailed)
    : (record) => ask(record, clock.fetch)
  const end = entries ? revokeShared(entries, revoke, onStoreFailed) : revoke
  const context = {
    transport,
    refresh: createRefresh(advance, clock.now),
    writeCookies: cookieWriter(names, seal, end, clock.now, onEvent),
    now: clock.now,
    ahead: aheadSeconds * 1000,
    browserHasToken: browser === 'token',
    onEvent,
  }
  const open = async ({ headers, method }: SessionRequest): Promise<ServerSession<Result>> =>
    createServerSession(context, await openCookies(headers.get('cookie'), names, seal), method)
  const { browserHasToken } = context
  return {
    open,
    handler: createHandler({ origin, basePath: basePath.replace(/\/$/, ''), browserHasToken, open }),
    forward: createForward({ origin, open }),
    isSameOrigin: (request) => isSameOrigin(request, origin),
  }
}

function parseOrigin(address: string): string {
  const url = URL.parse(address)
  if (url) return url.origin
  throw new TypeError(
    `origin must be the address that users see, such as https://shop.example.com, not «${address}». If it comes from the environment, the build needs it too.`,
  )
}
