import { readClaims } from '../claims.ts'
import type { Grant } from '../tabs/record.ts'
import type { HttpRequest, HttpResponse } from '../platform.ts'
import { plainGrant, renewed } from './token-response.ts'
import type { Answer } from '../tabs/protocol.ts'
import { failure } from './failure.ts'
import type { Send, Transport } from './transport.ts'

/** An OAuth 2.0 token response (RFC 6749 section 5.1). */
export interface TokenResponse {
  readonly access_token: string
  /** Seconds. Recommended by the RFC, needed here. */
  readonly expires_in?: number
  readonly refresh_token?: string
  readonly id_token?: string
}

interface Endpoints {
  readonly tokenEndpoint: string
  /** Where sign-outs are told (RFC 7009). Without it a sign-out stays on this device. */
  readonly revocationEndpoint?: string | undefined
}

export type OAuthOptions = {
  readonly clientId: string
  /** Seconds an access token is taken to live where the server does not say. Default 300. */
  readonly defaultLifetimeSeconds?: number
} & (
  | Endpoints
  /** Asked for its endpoints once, before the first refresh (RFC 8414, OpenID Connect Discovery). */
  | { readonly issuer: string }
)

/**
 * Speaks to any OAuth 2.0 token endpoint as a public client. A server that rotates refresh tokens without a grace period ends the session when an answer is lost:
 * that no client can mend.
 */
export function oauth(options: OAuthOptions): Transport<TokenResponse> {
  const { clientId, defaultLifetimeSeconds = 300 } = options
  let found: Promise<Endpoints> | undefined

  /** What was not found is looked for again at the next request. */
  const endpoints = (send: Send): Promise<Endpoints> => {
    if (!('issuer' in options)) return Promise.resolve(options)
    found ??= discover(options.issuer, send).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }

  const grant = (response: TokenResponse): Grant => {
    const { access_token: token, refresh_token: refreshToken, id_token: idToken } = response
    const { sid: sessionId, sub: userId } = readClaims(idToken) ?? readClaims(token) ?? {}
    const seconds = Number(response.expires_in ?? defaultLifetimeSeconds)
    return plainGrant({ token, seconds, refreshToken, sessionId, userId })
  }

  const form = (fields: Record<string, string | undefined>): HttpRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ ...fields, client_id: clientId } as Record<string, string>).toString(),
  })

  return {
    key: `${'issuer' in options ? options.issuer : options.tokenEndpoint}#${clientId}`,
    grant,
    async refresh(request, send, now) {
      const init = form({ grant_type: 'refresh_token', refresh_token: request.refreshToken })
      const { tokenEndpoint } = await endpoints(send)
      const response = await send(tokenEndpoint, init)
      const body = (await response.json().catch(() => undefined)) as
        | (TokenResponse & { error?: unknown })
        | undefined
      return answer(response, body, now(), (body) => renewed(grant(body), request))
    },
    async revoke({ refreshToken }, send) {
      const { revocationEndpoint } = await endpoints(send)
      if (!revocationEndpoint) return true
      const init = form({ token: refreshToken, token_type_hint: 'refresh_token' })
      const { status } = await send(revocationEndpoint, init)
      return status === 200 || status === 400
    },
  }
}

/** RFC 8414 section 3 puts its path between host and issuer, OpenID Connect its own behind the issuer: either will do. */
async function discover(issuer: string, send: Send): Promise<Endpoints> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
  for (const place of places) {
    // oxlint-disable-next-line no-await-in-loop -- The second place is for where the first knows nothing.
    const metadata = await describe(place, send)
    // Section 3.3: another issuer's endpoints are not this one's.
    if (metadata?.issuer === issuer && typeof metadata.token_endpoint === 'string')
      return { tokenEndpoint: metadata.token_endpoint, revocationEndpoint: metadata.revocation_endpoint }
  }
  throw new Error('no metadata of that issuer')
}

interface Metadata {
  readonly issuer?: string
  readonly token_endpoint?: string
  readonly revocation_endpoint?: string
}

async function describe(place: string, send: Send): Promise<Metadata | undefined> {
  const response = await send(place, { headers: { accept: 'application/json' } })
  return response.ok ? ((await response.json().catch(() => undefined)) as Metadata | undefined) : undefined
}

/** Only `invalid_grant` ends a session (RFC 6749 section 5.2); `invalid_client` and its kin are ours to mend. */
function answer(
  response: HttpResponse,
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
