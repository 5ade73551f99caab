import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import { DEVELOPMENT } from '../development.ts'
import type { HttpResponse } from '../platform.ts'
import type { TokenResponse } from '../tabs/record.ts'
import { failure } from './failure.ts'
import type { Send, Transport } from './transport.ts'

export interface SessionServerOptions {
  /** The server's address, such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
}

/**
 * Speaks to a Tokenkeep session server.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport })
 * ```
 */
export function sessionServer({ url, appId }: SessionServerOptions): Transport<AuthResult> {
  const endpoint = `${url.replace(/\/$/, '')}/v1/apps/${appId}/tokens`

  const request = (
    send: Send,
    method: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<HttpResponse> =>
    send(endpoint, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  return {
    key: endpoint,
    parseTokenResponse: readAuthResult,
    async refresh({ refreshToken, retryId, activity }, send, now) {
      const fields = { refresh_token: refreshToken, activity }
      const response = await request(send, 'POST', fields, { 'idempotency-key': retryId })
      const body = (await response.json().catch(() => {})) as Body
      if (response.ok) return { issued: readAuthResult(body!.auth_result!, now()) }
      if (response.status === 409 && body?.code === 'superseded') return { refused: 'displaced' }
      // Only the protocol's own refusal ends a session. A proxy's 401, a captive portal or a broken server does not.
      return response.status === 401 && body?.code === 'invalid_refresh_token'
        ? // Apps know only these reasons. A newer server may have more.
          { refused: ['expired', 'inactive', 'reused'].includes(body.reason!) ? body.reason! : 'revoked' }
        : failure(response, now())
    },
    async revoke({ sessionId, refreshToken, reason }, send, now) {
      const fields = { refresh_token: refreshToken, session_id: sessionId, reason }
      const response = await request(send, 'DELETE', fields)
      // A server that rejects the token will always reject it, so a rejection counts as the answer. An HTML page is from
      // a proxy.
      const isOver = response.status < 402 && !/html/.test(response.headers.get('content-type')!)
      return isOver ? undefined : failure(response, now())
    },
  }
}

type Body = { auth_result?: AuthResult; code?: unknown; reason?: EndReason } | undefined

/** Uses lifetimes only, counted from the receipt, so that neither clock has to be right. */
function readAuthResult(result: AuthResult, now: number): TokenResponse {
  const lifetime = result.auth_token_expires_in * 1000
  if (!(lifetime > 0)) throw new TypeError(DEVELOPMENT ? 'This is not an auth_result.' : 'auth_result')
  const deadline = (seconds?: number): number | undefined => seconds && now + seconds * 1000
  return {
    token: result.auth_token,
    lifetime,
    refreshToken: result.refresh_token,
    session: {
      id: result.session_id,
      userId: result.user_id,
      renewable: !!(result.refresh_token ?? result.refresh_token_expiration),
      absoluteExpiresAt: deadline(result.absolute_expires_in),
      inactiveAt: deadline(result.inactivity_expires_in),
    },
  }
}
