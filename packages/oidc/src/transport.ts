import { oauth, type Claims, type OAuthTokenResponse, type Session, type Transport } from '@tokenkeep/core'
import { chooser } from './claims.ts'
import type { OidcOptions } from './options.ts'

declare const validated: unique symbol

/** The token response of a sign-in whose id token was checked. Only `completeSignIn` makes one. */
export interface SignedIn {
  readonly tokens: OAuthTokenResponse
  /** The id token, if the provider wants it back at the sign-out. */
  readonly idTokenHint?: string | undefined
  readonly [validated]: true
}

/** A session that began with an id token. */
export interface OidcSession extends Session {
  /**
   * The id token of the sign-in, if the provider wants it back at the sign-out (`id_token_hint`). Otherwise no id token is
   * kept.
   */
  readonly idToken?: string | undefined
}

/** Refreshes and revokes with the core's `oauth()`; begins a session with a checked sign-in only. */
export function oidcTransport(options: OidcOptions): Transport<SignedIn> {
  const { issuer, clientId, resource, audience, metadata } = options
  const target = { clientId, ...(resource && { resource }), ...(audience && { audience }) }
  const key = options.key ?? oauth({ ...target, issuer }).key
  const transport = oauth({
    ...target,
    key,
    ...(metadata
      ? { tokenEndpoint: metadata.token_endpoint, revocationEndpoint: metadata.revocation_endpoint }
      : { issuer }),
  })
  const choose = chooser(options.claims)
  const isForUs = ({ aud }: Claims): boolean => [aud].flat().includes(clientId)

  return {
    ...transport,
    parseTokenResponse({ tokens, idTokenHint }, now) {
      const response = transport.parseTokenResponse(tokens, now)
      const claims = choose(response.session.claims ?? {})
      const session: OidcSession = {
        ...response.session,
        // Without a session id, the user's id takes its place. Two sign-ins of one user may share a token family at the
        // provider, so revoking the first would end the second. A session is not revoked if another with its id replaces it.
        id: claims.sid ?? response.session.userId,
        claims,
        ...(idTokenHint && { idToken: idTokenHint }),
      }
      return { ...response, session }
    },
    async refresh(request, send, now) {
      const answer = await transport.refresh(request, send, now)
      const before = request.session.claims
      const { claims } = answer.issued?.session ?? {}
      // `oauth()` keeps the claims if there is no id token, and has compared issuer and user otherwise.
      if (!answer.issued || !claims || claims === before) return answer
      if (!isForUs(claims)) return { refused: 'revoked' }
      return { issued: { ...answer.issued, session: { ...answer.issued.session, claims: renewed(claims) } } }

      function renewed(all: Claims): Session['claims'] {
        try {
          return choose(all)
        } catch {
          // The app's function failed. The refresh token is spent, so its successor must be kept.
          return before
        }
      }
    },
  }
}
