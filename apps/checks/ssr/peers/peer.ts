import type { AuthResult } from '@tokenkeep/protocol'
import type { NextRequest } from 'next/server.js'

/** What a page shows of its session. */
export interface Shown {
  readonly status: 'valid' | 'expired' | 'signed-out'
  readonly userId?: string | undefined
  readonly token?: string | undefined
}

/** Another library, bound to Next as its documentation says. */
export interface Peer {
  /** For `proxy.ts`. */
  proxy(request: NextRequest): Promise<Response>
  /** What one component gets. */
  read(): Promise<Shown>
  /** Wraps a route handler, so that its response carries the cookies of the session. */
  withSession(handler: (shown: Shown, request: Request) => Response | Promise<Response>): RouteHandler
  /** Returns the `Set-Cookie` header of a session with these tokens. */
  signIn(opened: AuthResult): Promise<string>
}
export type RouteHandler = (request: NextRequest) => Promise<Response>

const { AUTH_URL = '', APP_ID = '', CLIENT_SECRET = '', SESSION_KEY = '', ORIGIN = '' } = process.env

/**
 * The headers of each refresh. A server that rotates strictly accepts each refresh token once. The session server does so if
 * each request names itself as another one.
 */
export const refreshHeaders = (): Record<string, string> =>
  process.env['STRICT'] ? { 'idempotency-key': crypto.randomUUID() } : {}

/** What every peer needs to know. */
export const settings = {
  appUrl: `${AUTH_URL}/v1/apps/${APP_ID}`,
  clientId: APP_ID,
  clientSecret: CLIENT_SECRET,
  secret: SESSION_KEY,
  origin: ORIGIN,
}
