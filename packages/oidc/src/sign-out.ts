import type { OidcOptions } from './options.ts'

/** Longer addresses are refused by many servers. Characters. */
const LONGEST_HINT = 4096

/** Returns the address of a sign-out at the provider (OpenID Connect RP-Initiated Logout section 2). */
export function signOutUrl(options: OidcOptions, endpoint: string, base: string, idToken?: string): string {
  const { clientId, postLogoutRedirectUri = '.', signOut } = options
  const url = new URL(endpoint)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set(
    signOut?.returnParameter ?? 'post_logout_redirect_uri',
    new URL(postLogoutRedirectUri, base).href,
  )
  if (!signOut && idToken && idToken.length <= LONGEST_HINT) url.searchParams.set('id_token_hint', idToken)
  return url.href
}
