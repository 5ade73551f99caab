import type { OAuthTokenResponse } from '@tokenkeep/core'
import type { OidcOptions, ProviderMetadata } from './options.ts'
import { isThere } from './request.ts'

/** Longer addresses are refused by many servers. Characters. */
const LONGEST_HINT = 4096

/** Returns the id token of a sign-in if the sign-out needs it. It is long, and names the user, so it is kept only then. */
export const idTokenHintOf = (
  { signOut }: OidcOptions,
  { end_session_endpoint }: Pick<ProviderMetadata, 'end_session_endpoint'>,
  { id_token }: OAuthTokenResponse,
): string | undefined =>
  !signOut && end_session_endpoint && id_token!.length <= LONGEST_HINT ? id_token : undefined

/**
 * Tells whether the provider answers now. Otherwise the browser would show its own error page in place of the app. The
 * address is one that the app asks anyway, so the page's content security policy allows it.
 */
export const isReachable = ({ issuer, metadata }: OidcOptions): Promise<boolean> =>
  isThere(metadata?.token_endpoint ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)

/** Returns the address of a sign-out at the provider (OpenID Connect RP-Initiated Logout section 2). */
export function signOutUrl(options: OidcOptions, endpoint: string, base: string, idToken?: string): string {
  const { clientId, postLogoutRedirectUri = '.', signOut } = options
  const url = new URL(endpoint)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set(
    signOut?.returnParameter ?? 'post_logout_redirect_uri',
    new URL(postLogoutRedirectUri, base).href,
  )
  if (idToken) url.searchParams.set('id_token_hint', idToken)
  return url.href
}
