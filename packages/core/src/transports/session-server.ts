import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import type { HttpResponse } from '../platform.ts'
import type { Grant } from '../tabs/record.ts'
import { failure } from './failure.ts'
import type { Send, Transport } from './transport.ts'

export interface SessionServerOptions {
  /** The server's address, such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
}

/** Speaks to a Tokenkeep session server. */
export function sessionServer({ url, appId }: SessionServerOptions): Transport<AuthResult> {
  const key = `${url.replace(/\/$/, '')}/v1/apps/${appId}/tokens`

  const ask = (
    send: Send,
    method: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<HttpResponse> =>
    send(key, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  return {
    key,
    grant: readAuthResult,
    async refresh({ refreshToken, attempt, activity }, send, now) {
      const question = { refresh_token: refreshToken, activity }
      const response = await ask(send, 'POST', question, { 'idempotency-key': attempt })
      const body = (await response.json().catch(() => {})) as Body
      if (response.ok) return { granted: readAuthResult(body!.auth_result!, now()) }
      // Only the protocol's own refusal ends a session: not a proxy's 401, a captive portal's page or a broken server.
      // And for a reason that apps know of: a newer server may have more.
      return response.status === 401 && body?.code === 'invalid_refresh_token'
        ? { refused: ['expired', 'inactive', 'reused'].includes(body.reason!) ? body.reason! : 'revoked' }
        : failure(response, now())
    },
    async revoke({ sessionId, refreshToken }, send) {
      const question = { refresh_token: refreshToken, session_id: sessionId }
      const { status, headers } = await ask(send, 'DELETE', question)
      // A server that calls the token nonsense will say so for ever; a page is somebody else's.
      return status < 402 && !/html/.test(headers.get('content-type')!)
    },
  }
}

type Body = { auth_result?: AuthResult; code?: unknown; reason?: EndReason } | undefined

/** By lifetimes alone, from its receipt: so it does not matter what either clock says. */
function readAuthResult(result: AuthResult, now: number): Grant {
  const lifetime = result.auth_token_expires_in * 1000
  if (!(lifetime > 0)) throw new TypeError('auth_result')
  const end = (seconds?: number): number | undefined => seconds && now + seconds * 1000
  return {
    token: result.auth_token,
    lifetime,
    refreshToken: result.refresh_token,
    session: {
      id: result.session_id,
      userId: result.user_id,
      renewable: !!(result.refresh_token ?? result.refresh_token_expiration),
      absoluteExpiresAt: end(result.absolute_expires_in),
      inactiveAt: end(result.inactivity_expires_in),
    },
  }
}
