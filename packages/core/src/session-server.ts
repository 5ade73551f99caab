import type { AuthResult } from '@tokenkeep/protocol'
import type { Grant } from './record.ts'
import type { Answer } from './refresh.ts'
import { failure } from './retry.ts'
import type { SignedOutReason } from './state.ts'
import type { Transport } from './transport.ts'

export interface SessionServerOptions {
  /** The server's address, such as `https://auth.example.com`. */
  readonly url: string
  readonly appId: string
}

/** Why a session server ended a session, in a client's words. A stolen token's reuse is a revocation. */
const reasons: Record<string, SignedOutReason> = { expired: 'expired', inactive: 'inactive' }

/** Speaks to a Tokenkeep session server. */
export function sessionServer({ url, appId }: SessionServerOptions): Transport<AuthResult> {
  const endpoint = new URL(`v1/apps/${encodeURIComponent(appId)}/tokens`, url.replace(/\/?$/, '/')).href
  const headers = { 'content-type': 'application/json' }

  return {
    key: endpoint,
    grant: readAuthResult,
    async refresh({ refreshToken, attempt, lastAttempt, background }, send, now) {
      const response = await send(endpoint, {
        method: 'POST',
        headers: {
          ...headers,
          'idempotency-key': attempt,
          ...(lastAttempt && { 'tokenkeep-last-attempt': lastAttempt }),
        },
        body: JSON.stringify({
          refresh_token: refreshToken,
          ...(background && { activity: 'background' }),
        }),
      })
      const body = (await response.json().catch(() => undefined)) as Body
      return classify(response, body, now())
    },
    async revoke({ refreshToken }, send) {
      const { status } = await send(endpoint, {
        method: 'DELETE',
        headers,
        body: JSON.stringify({ refresh_token: refreshToken }),
      })
      // A server that calls the token nonsense will say so for ever.
      return status === 200 || status === 400 || status === 401
    },
  }
}

type Body = { auth_result?: AuthResult; code?: unknown; reason?: unknown } | undefined

/** Only the protocol's own refusal ends a session: not a proxy's 401, a captive portal's page or a broken server. */
function classify(response: Response, body: Body, now: number): Answer {
  const { status } = response
  if (response.ok) {
    try {
      return { is: 'granted', grant: readAuthResult(body!.auth_result!, now) }
    } catch {
      return { is: 'failed', code: 'unreachable' }
    }
  }
  if (status === 401 && body?.code === 'invalid_refresh_token')
    return { is: 'refused', reason: reasons[String(body.reason)] ?? 'revoked' }
  return failure(response, now)
}

function readAuthResult(result: AuthResult, now: number): Grant {
  const claims = readClaims(result?.auth_token)
  const expiresIn = result.auth_token_expires_in ?? claims.exp - claims.iat
  if (!(expiresIn > 0)) throw new TypeError('not an AuthResult')
  // The server's clock at the moment of issue, to the millisecond: `exp` and what is left until it.
  const offset = (claims.exp - expiresIn) * 1000 - now
  const here = (seconds?: number): number | undefined => seconds && seconds * 1000 - offset
  return {
    sessionId: claims.sid ?? '',
    userId: claims.sub,
    authToken: result.auth_token,
    lifetime: expiresIn * 1000,
    offset,
    refreshToken: result.refresh_token,
    absoluteExpiresAt: here(result.absolute_expiration),
    inactiveAt: here(result.inactivity_expiration),
  }
}

interface Claims {
  readonly sub: string
  readonly sid?: string
  readonly iat: number
  readonly exp: number
}

/** Reads, and proves nothing: a client has no key to prove it with (RFC 7519 section 7.2 is for those who verify). */
function readClaims(token: unknown): Claims {
  try {
    const base64 = String(token).split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Claims
    if (typeof claims.sub === 'string' && claims.exp > claims.iat) return claims
  } catch {
    // Falls through: the token must appear in no message.
  }
  throw new TypeError('not an AuthResult')
}
