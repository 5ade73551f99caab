import { readClaims } from '../claims.ts'
import type { SessionClaims } from '../machine/session.ts'
import type { HttpRequest } from '../platform.ts'
import type { Failed } from '../tabs/answer.ts'
import { failure } from './failure.ts'
import { readOAuthError, type OAuthErrorBody } from './oauth-error.ts'
import { discover, type OAuthEndpoints } from './oauth-metadata.ts'
import { readPlainTokens, readRefreshedTokens, type PlainTokens } from './token-response.ts'
import type { RefreshRequest, Send, Transport } from './transport.ts'

/** A token response as it is on the wire (RFC 6749 section 5.1). */
export interface OAuthTokenResponse {
  readonly access_token: string
  /** Seconds. The RFC recommends it. Some servers send it as a string. */
  readonly expires_in?: number | string
  readonly refresh_token?: string
  readonly id_token?: string
  /** How long the refresh token lives. Seconds. Sent by Keycloak. */
  readonly refresh_expires_in?: number
  /** How long the refresh token lives. Seconds. Sent by Entra ID and GitHub. */
  readonly refresh_token_expires_in?: number
}

export type OAuthOptions = {
  readonly clientId: string
  /** How long an access token lives if the server does not say. Seconds; default 300. */
  readonly defaultLifetimeSeconds?: number
  /**
   * The API that the tokens are for, or several (RFC 8707). It is sent with each refresh. Tokens for different resources
   * are different sessions, so two managers of one page can hold one session each.
   */
  readonly resource?: string | readonly string[]
  /** The API that the tokens are for, at servers that call it `audience`. Otherwise like `resource`. */
  readonly audience?: string
  /** More parameters of each refresh, such as `scope` (RFC 6749 section 6). */
  readonly params?: Readonly<Record<string, string>>
  /**
   * Names the session's record in storage. By default, the name is made of the server, the client id, the audience and
   * the resources. Name it yourself if two managers of one page differ in none of these, or if the session must outlive
   * a change of one of them.
   */
  readonly key?: string
} & (
  | OAuthEndpoints
  /**
   * The endpoints are discovered once, before the first refresh (OpenID Connect Discovery, RFC 8414). If you change from
   * `tokenEndpoint` to the issuer of the same server, nobody is signed out.
   */
  | { readonly issuer: string }
)

/**
 * Speaks to any OAuth 2.0 token endpoint, as a public client. If a server rotates refresh tokens without a grace
 * period, a lost answer ends the session: no client can prevent that.
 *
 * If the server says that the user must act, for example because a second factor is due, the session stays, with
 * `renewable: false`: once the token expires, the user signs in again.
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
  const { clientId, defaultLifetimeSeconds = 300, resource = [], audience, params } = options
  const targets = [
    ...(audience ? [['audience', audience]] : []),
    ...[resource].flat().map((uri) => ['resource', uri]),
  ]
  const address = 'issuer' in options ? options.issuer : options.tokenEndpoint
  let discovered: Promise<OAuthEndpoints | Failed> | undefined

  /** A failed discovery is repeated at the next request. */
  const endpoints = async (send: Send, now: () => number): Promise<OAuthEndpoints | Failed> => {
    if (!('issuer' in options)) return options
    const found = await (discovered ??= discover(options.issuer, send, now))
    if (!('tokenEndpoint' in found)) discovered = undefined
    return found
  }

  const tokensOf = (response: OAuthTokenResponse, now: number): PlainTokens => {
    const { access_token: token, refresh_token: refreshToken, id_token: idToken } = response
    const claims = readClaims(idToken) as SessionClaims | undefined
    const { sid: sessionId, sub: userId } = claims ?? readClaims(token) ?? {}
    const seconds = Number(response.expires_in ?? defaultLifetimeSeconds)
    const refreshSeconds = response.refresh_expires_in ?? response.refresh_token_expires_in
    const inactiveAt = refreshSeconds ? now + refreshSeconds * 1000 : undefined
    return { token, seconds, refreshToken, sessionId, userId, claims, inactiveAt }
  }

  const form = (fields: readonly (readonly string[])[]): HttpRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams([...fields, ['client_id', clientId]] as string[][]).toString(),
  })

  return {
    key: options.key ?? [serverOf(address), clientId, ...targets.map(String)].join('#'),
    parseTokenResponse: (response, now) => readPlainTokens(tokensOf(response, now)),
    async refresh(request, send, now) {
      const found = await endpoints(send, now)
      if (!('tokenEndpoint' in found)) return found
      const init = form([
        ...Object.entries(params ?? {}),
        ...targets,
        ['grant_type', 'refresh_token'],
        ['refresh_token', request.refreshToken!],
      ])
      const response = await send(found.tokenEndpoint, init)
      const body = (await response.json().catch(() => {})) as
        | (OAuthTokenResponse & OAuthErrorBody)
        | undefined
      if (!response.ok || !body?.access_token) return readOAuthError(response, body, request, now())
      if (isOfAnotherUser(body, request)) return { refused: 'revoked' }
      return { issued: readRefreshedTokens(tokensOf(body, now()), request) }
    },
    async revoke({ refreshToken }, send, now) {
      const found = await endpoints(send, now)
      if (!('tokenEndpoint' in found)) return found
      const { revocationEndpoint } = found
      if (!revocationEndpoint) return undefined
      const init = form([
        ['token', refreshToken!],
        ['token_type_hint', 'refresh_token'],
      ])
      const response = await send(revocationEndpoint, init)
      return response.status === 200 || response.status === 400 ? undefined : failure(response, now())
    },
  }
}

/**
 * The part of an address that names the server or the tenant. It is the same for an issuer and for the token endpoint of
 * that issuer, if their paths follow one of the usual patterns.
 */
const serverOf = (address: string): string =>
  address.replace(/([^:/])(\/(protocol|openid-connect|oauth2?|oidc|connect|v[\d.]+|token|))+$/, '$1')

/**
 * True if a refresh brought another user's tokens (OpenID Connect Core section 12.2). A token is compared with the token
 * of the same kind, because a server may name a user differently in an access token.
 */
function isOfAnotherUser(
  { access_token, id_token }: OAuthTokenResponse,
  { session, token }: RefreshRequest,
): boolean {
  const before = readClaims(token)?.sub
  const known: Readonly<Record<string, unknown>> = session.claims ?? { sub: before }
  const idToken = readClaims(id_token)
  const isAnother = (one: unknown, other: unknown): boolean => !!one && !!other && one !== other
  return (
    isAnother(idToken?.sub, known.sub) ||
    isAnother(idToken?.iss, known.iss) ||
    isAnother(readClaims(access_token)?.sub, before)
  )
}
