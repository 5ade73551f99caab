import { oauth, type Claims, type OAuthTokenResponse, type Session, type Transport } from '@tokenkeep/core'
import type { OidcOptions } from './options.ts'

declare const validated: unique symbol

/** The token response of a sign-in whose id token was checked. Only `completeSignIn` makes one. */
export interface SignedIn {
  readonly tokens: OAuthTokenResponse
  readonly [validated]: true
}

/** A session that began with an id token. */
export interface OidcSession extends Session {
  /** The id token of the sign-in. The provider wants it back at the sign-out (`id_token_hint`). */
  readonly idToken?: string | undefined
}

/** Claims that nobody reads after the checks of a sign-in. */
const SPENT = new Set(['aud', 'azp', 'nonce', 'at_hash', 'c_hash', 's_hash', 'exp', 'iat', 'nbf', 'jti'])

const withoutSpent = (all: Claims): Claims =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !SPENT.has(name)))

/** Refreshes and revokes with the core's `oauth()`; begins a session with a checked sign-in only. */
export function oidcTransport(options: OidcOptions): Transport<SignedIn> {
  const { issuer, clientId, resource, audience, metadata, claims: choose = withoutSpent } = options
  const target = { clientId, ...(resource && { resource }), ...(audience && { audience }) }
  const key = options.key ?? oauth({ ...target, issuer }).key
  const transport = oauth({
    ...target,
    key,
    ...(metadata
      ? { tokenEndpoint: metadata.token_endpoint, revocationEndpoint: metadata.revocation_endpoint }
      : { issuer }),
  })
  const chosen = (all: Claims): Claims => {
    const { iss, sub, sid } = all
    return { ...choose(all), ...(iss && { iss }), ...(sub && { sub }), ...(sid && { sid }) }
  }
  return {
    ...transport,
    parseTokenResponse({ tokens }, now) {
      const response = transport.parseTokenResponse(tokens, now)
      const claims = chosen(response.session.claims ?? {})
      const session: OidcSession = {
        ...response.session,
        // Without a session id, the user's id takes its place. Two sign-ins of one user may share a token family at the
        // provider, so revoking the first would end the second. A session is not revoked if another with its id replaces it.
        id: claims.sid ?? response.session.userId,
        claims,
        idToken: tokens.id_token,
      }
      return { ...response, session }
    },
    async refresh(request, send, now) {
      const answer = await transport.refresh(request, send, now)
      const { claims } = answer.issued?.session ?? {}
      if (!answer.issued || !claims || claims === request.session.claims) return answer
      const session = { ...answer.issued.session, claims: chosen(claims) }
      return { issued: { ...answer.issued, session } }
    },
  }
}
