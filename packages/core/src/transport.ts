import type { Environment } from './environment.ts'
import type { Farewell, Grant } from './record.ts'
import type { Answer } from './refresh.ts'

/** One refresh, as a transport sends it. */
export interface RefreshRequest {
  readonly refreshToken: string
  /** The retry id: the same for every try of one refresh, whoever sends it. */
  readonly attempt: string
  /** The attempt before, as this device committed it. */
  readonly lastAttempt?: string | undefined
  /** True where nobody asked for a token: such a refresh is no sign of an active user. */
  readonly background: boolean
}

/** Sends a request within the manager's deadline. Rejects where no answer came. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

/** How a manager reaches its server. */
export interface Transport<Result> {
  /** Names the session's place in storage: one per server and app. */
  readonly key: string
  /** Reads what a sign-in returned. Throws `TypeError` for anything else. `now`: milliseconds since the epoch. */
  grant(result: Result, now: number): Grant
  refresh(request: RefreshRequest, send: Send, now: () => number): Promise<Answer>
  /** True once the server has answered that the session is over. */
  revoke(farewell: Farewell, send: Send): Promise<boolean>
}

/** `fetch` as every request of ours uses it: it outlives the page, follows no redirect, and ends in time. */
export const deadline =
  (env: Environment, ms: number, stopped: AbortSignal): Send =>
  async (url, init) => {
    const controller = new AbortController()
    const stop = (): void => controller.abort()
    stopped.addEventListener('abort', stop)
    const cancel = env.after(ms, stop)
    try {
      const response = await env.fetch(url, {
        ...init,
        keepalive: true,
        redirect: 'error',
        cache: 'no-store',
        credentials: 'omit',
        signal: controller.signal,
      })
      // The body too must come within the deadline.
      const body = await response.arrayBuffer()
      return new Response(body.byteLength ? body : null, response)
    } finally {
      cancel()
      stopped.removeEventListener('abort', stop)
    }
  }
