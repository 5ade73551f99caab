import { readClaims } from '../claims.ts'
import type { HttpRequest, HttpResponse } from '../platform.ts'
import type { Answer } from '../tabs/answer.ts'
import type { TokenResponse } from '../tabs/record.ts'
import { failure } from './failure.ts'
import { ofSameSession, readPlainTokens } from './token-response.ts'
import type { Send, Transport } from './transport.ts'

/** A token response as it is on the wire (RFC 6749 section 5.1). */
export interface OAuthTokenResponse {
  readonly access_token: string
  /** Seconds. The RFC recommends it. */
  readonly expires_in?: number
  readonly refresh_token?: string
  readonly id_token?: string
}

interface Endpoints {
  readonly tokenEndpoint: string
  /** The revocation endpoint (RFC 7009). Without it, the server is never told of a sign-out. */
  readonly revocationEndpoint?: string | undefined
}

export type OAuthOptions = {
  readonly clientId: string
  /** How long an access token lives if the server does not say. Seconds; default 300. */
  readonly defaultLifetimeSeconds?: number
} & (
  | Endpoints
  /** The endpoints are discovered once, before the first refresh (RFC 8414, OpenID Connect Discovery). */
  | { readonly issuer: string }
)

/**
 * Speaks to any OAuth 2.0 token endpoint, as a public client. If a server rotates refresh tokens without a grace
 * period, a lost answer ends the session: no client can prevent that.
 *
 * @example
 * ```ts
 * import { createTokenManager, oauth } from '@tokenkeep/core'
 *
 * const auth = createTokenManager({
 *   transport: oauth({ issuer: 'https://login.example.com', clientId: 'shop' }),
 * })
 * ```
 */
export function oauth(options: OAuthOptions): Transport<OAuthTokenResponse> {
  const { clientId, defaultLifetimeSeconds = 300 } = options
  let discovered: Promise<Endpoints> | undefined

  /** A failed discovery is repeated at the next request. */
  const endpoints = (send: Send): Promise<Endpoints> => {
    if (!('issuer' in options)) return Promise.resolve(options)
    discovered ??= discover(options.issuer, send).catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  const parseTokenResponse = (response: OAuthTokenResponse): TokenResponse => {
    const { access_token: token, refresh_token: refreshToken, id_token: idToken } = response
    const { sid: sessionId, sub: userId } = readClaims(idToken) ?? readClaims(token) ?? {}
    const seconds = Number(response.expires_in ?? defaultLifetimeSeconds)
    return readPlainTokens({ token, seconds, refreshToken, sessionId, userId })
  }

  const form = (fields: Record<string, string | undefined>): HttpRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ ...fields, client_id: clientId } as Record<string, string>).toString(),
  })

  return {
    key: `${'issuer' in options ? options.issuer : options.tokenEndpoint}#${clientId}`,
    parseTokenResponse,
    async refresh(request, send, now) {
      const init = form({ grant_type: 'refresh_token', refresh_token: request.refreshToken })
      const { tokenEndpoint } = await endpoints(send)
      const response = await send(tokenEndpoint, init)
      const body = (await response.json().catch(() => undefined)) as Body
      return readAnswer(response, body, now(), (body) => ofSameSession(parseTokenResponse(body), request))
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

type Body = (OAuthTokenResponse & { error?: unknown; superseded?: unknown }) | undefined

/**
 * Only `invalid_grant` ends a session (RFC 6749 section 5.2), unless a Tokenkeep server says that the session goes on with
 * newer tokens. Other codes, such as `invalid_client`, are the app's mistakes.
 */
function readAnswer(
  response: HttpResponse,
  body: Body,
  now: number,
  parse: (response: OAuthTokenResponse) => TokenResponse,
): Answer {
  if (response.ok) {
    try {
      return { issued: parse(body!) }
    } catch {
      return { failed: 'unreachable' }
    }
  }
  if (
    (response.status === 400 || response.status === 401) &&
    body?.error === 'invalid_grant' &&
    !body.superseded
  )
    return { refused: 'revoked' }
  return failure(response, now)
}

interface Metadata {
  readonly issuer?: string
  readonly token_endpoint?: string
  readonly revocation_endpoint?: string
}

/**
 * Asks for the metadata in both places: RFC 8414 section 3 puts the well-known path before the issuer's path, OpenID
 * Connect Discovery puts it after that path.
 */
async function discover(issuer: string, send: Send): Promise<Endpoints> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
  for (const url of urls) {
    // oxlint-disable-next-line no-await-in-loop -- The second is asked only if the first has no metadata.
    const metadata = await fetchMetadata(url, send)
    // RFC 8414 section 3.3: metadata of another issuer must not be used.
    if (metadata?.issuer === issuer && typeof metadata.token_endpoint === 'string')
      return { tokenEndpoint: metadata.token_endpoint, revocationEndpoint: metadata.revocation_endpoint }
  }
  throw new Error(`${issuer} has no metadata with this issuer and a token endpoint.`)
}

async function fetchMetadata(url: string, send: Send): Promise<Metadata | undefined> {
  const response = await send(url, { headers: { accept: 'application/json' } })
  return response.ok ? ((await response.json().catch(() => undefined)) as Metadata | undefined) : undefined
}
