import { readClaims, type Claims } from './claims.ts'
import type { Grant } from './record.ts'
import type { Answer } from './protocol.ts'
import { failure } from './retry.ts'
import type { Transport } from './transport.ts'

/** An OAuth 2.0 token response (RFC 6749 section 5.1). */
export interface TokenResponse {
  readonly access_token: string
  /** Seconds. Recommended by the RFC, needed here. */
  readonly expires_in?: number
  readonly refresh_token?: string
  readonly id_token?: string
}

export interface OAuthOptions {
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Where sign-outs are told (RFC 7009). Without it a sign-out stays on this device. */
  readonly revocationEndpoint?: string
  /** Seconds an access token is taken to live where the server does not say. Default 300. */
  readonly defaultLifetimeSeconds?: number
}

/**
 * Speaks to any OAuth 2.0 token endpoint as a public client. A server that rotates refresh tokens without a grace period ends the session when an answer is lost:
 * that no client can mend.
 */
export function oauth(options: OAuthOptions): Transport<TokenResponse> {
  const { tokenEndpoint, clientId, revocationEndpoint, defaultLifetimeSeconds = 300 } = options

  const grant = (response: TokenResponse): Grant => {
    if (typeof response?.access_token !== 'string') throw new TypeError('not a token response')
    const seconds = Number(response.expires_in ?? defaultLifetimeSeconds)
    if (!(seconds > 0)) throw new TypeError('not a token response')
    const { sid = '', sub = '' } = claimsOf(response.id_token) ?? claimsOf(response.access_token) ?? {}
    return {
      token: response.access_token,
      lifetime: seconds * 1000,
      refreshToken: response.refresh_token,
      session: { id: sid, userId: sub, renewable: !!response.refresh_token },
    }
  }

  const form = (fields: Record<string, string | undefined>): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ ...fields, client_id: clientId } as Record<string, string>).toString(),
  })

  return {
    key: `${tokenEndpoint}#${clientId}`,
    grant,
    async refresh({ refreshToken }, send, now) {
      const init = form({ grant_type: 'refresh_token', refresh_token: refreshToken })
      const response = await send(tokenEndpoint, init)
      const body = (await response.json().catch(() => undefined)) as
        | (TokenResponse & { error?: unknown })
        | undefined
      return answer(response, body, now(), grant)
    },
    async revoke({ refreshToken }, send) {
      if (!revocationEndpoint) return true
      const init = form({ token: refreshToken, token_type_hint: 'refresh_token' })
      const { status } = await send(revocationEndpoint, init)
      return status === 200 || status === 400
    },
  }
}

/** Only `invalid_grant` ends a session (RFC 6749 section 5.2); `invalid_client` and its kin are ours to mend. */
function answer(
  response: Response,
  body: (TokenResponse & { error?: unknown }) | undefined,
  now: number,
  grant: (response: TokenResponse) => Grant,
): Answer {
  if (response.ok) {
    try {
      return { granted: grant(body!) }
    } catch {
      return { failed: 'unreachable' }
    }
  }
  if ((response.status === 400 || response.status === 401) && body?.error === 'invalid_grant')
    return { refused: 'revoked' }
  return failure(response, now)
}

/** The claims of a token, where it is a JWT. */
function claimsOf(token: string | undefined): Partial<Claims> | undefined {
  try {
    return readClaims(token)
  } catch {
    return undefined
  }
}
