import type { AuthResult } from '@tokenkeep/protocol'
import type { HttpRequest } from './platform.ts'
import type { Grant } from './record.ts'
import { failure } from './retry.ts'
import type { Transport } from './transport.ts'

export interface SessionServerOptions {
  /** The server's address, such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
  /**
   * Leaves the refresh token to an HttpOnly cookie of the server's, where no script can read it: for pages of the
   * server's own site. The sign-in must have been asked for with the header `Tokenkeep-Session: cookie` too.
   */
  readonly cookie?: boolean
}

/** Speaks to a Tokenkeep session server. */
export function sessionServer({ url, appId, cookie }: SessionServerOptions): Transport<AuthResult> {
  const key = `${url.replace(/\/$/, '')}/v1/apps/${encodeURIComponent(appId)}/tokens`

  const request = (method: string, body: object, headers: Record<string, string> = {}): HttpRequest => ({
    method,
    credentials: cookie ? 'include' : 'omit',
    headers: {
      'content-type': 'application/json',
      ...(cookie && { 'tokenkeep-session': 'cookie' }),
      ...headers,
    },
    body: JSON.stringify(body),
  })

  return {
    key,
    grant: readAuthResult,
    async refresh({ session, refreshToken, attempt, lastAttempt, activity }, send, now) {
      const response = await send(
        key,
        request(
          'POST',
          { refresh_token: refreshToken, activity },
          { 'idempotency-key': attempt, ...(lastAttempt && { 'tokenkeep-last-attempt': lastAttempt }) },
        ),
      )
      const body = (await response.json().catch(() => undefined)) as Body
      if (response.ok) {
        const granted = readAuthResult(body!.auth_result!, now())
        // The cookie may be another session's by now: then this one is over, and its user never gets the other's token.
        return granted.session.id === session.id ? { granted } : { refused: 'revoked' }
      }
      // Only the protocol's own refusal ends a session: not a proxy's 401, a captive portal's page or a broken server.
      if (response.status !== 401 || body?.code !== 'invalid_refresh_token') return failure(response, now())
      const { reason } = body
      // A stolen token's reuse is a revocation.
      return { refused: reason === 'expired' || reason === 'inactive' ? reason : 'revoked' }
    },
    async revoke({ sessionId, refreshToken }, send) {
      const { status } = await send(
        key,
        request('DELETE', { refresh_token: refreshToken, session_id: sessionId }),
      )
      // A server that calls the token nonsense will say so for ever.
      return [200, 400, 401].includes(status)
    },
  }
}

type Body = { auth_result?: AuthResult; code?: unknown; reason?: unknown } | undefined

/** By lifetimes alone, from its receipt: so it does not matter what either clock says. */
function readAuthResult(result: AuthResult, now: number): Grant {
  const lifetime = result.auth_token_expires_in * 1000
  if (!(lifetime > 0)) throw new TypeError('not an AuthResult')
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
