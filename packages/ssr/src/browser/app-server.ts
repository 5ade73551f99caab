import type { Transport } from '@tokenkeep/core'
import { SCRIPT_HEADER } from '../http/same-origin.ts'
import type { SessionSnapshot } from '../session/state.ts'
import { tokensOf } from './snapshot.ts'

type Send = Parameters<Transport<never>['refresh']>[1]

/** The routes of the app's own server, which holds the session. */
export interface AppServer extends Transport<SessionSnapshot> {
  /** Asks for the state. Rejects if no answer came. */
  askState(send: Send): Promise<SessionSnapshot>
}

/** `route`: `token` if the browser gets tokens, otherwise `state`. */
export function appServer(basePath: string, appId: string, route: 'token' | 'state'): AppServer {
  const post = async (send: Send, path: string, body: object): Promise<SessionSnapshot> => {
    const headers = { 'content-type': 'application/json', [SCRIPT_HEADER]: 'cookie' }
    const response = await send(`${basePath}/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${basePath}/${path} answered ${response.status}.`)
    return (await response.json()) as SessionSnapshot
  }

  return {
    key: `tokenkeep-ssr:${appId}`,
    askState: (send) => post(send, 'state', {}),
    parseTokenResponse(snapshot, now) {
      const tokens = tokensOf(snapshot, now)
      if (!tokens) throw new TypeError('In this snapshot, nobody is signed in.')
      return tokens
    },
    async refresh(request, send, now) {
      // The record of the core holds the token that is to be replaced.
      const { token } = request as typeof request & { readonly token?: string }
      const snapshot = await post(send, route, { token })
      const { state, at } = snapshot
      if (state.status === 'signed-out') return { refused: state.reason }
      // Somebody else has signed in. The store asks for that session.
      if (state.session?.id !== request.session.id) return { refused: 'revoked' }
      const tokens = tokensOf(snapshot, now())!
      if (state.status === 'valid') return { issued: tokens }
      const { code = 'unreachable', retryAt = 0 } = (state.status === 'expired' && state.cause) || {}
      return {
        failed: code === 'throttled' || code === 'misconfigured' ? code : 'unreachable',
        retryAfter: retryAt > at ? retryAt - at : undefined,
      }
    },
    async revoke({ sessionId }, send) {
      await post(send, 'sign-out', { sessionId })
      return undefined
    },
  }
}
