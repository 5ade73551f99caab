export interface Peer {
  /** The name of its file in this folder. */
  readonly name: string
  readonly title: string
  readonly package: string
  /** False if a new page starts without the tokens of the old one. */
  readonly keeps: boolean
  /** True if it also runs in Node. */
  readonly node: boolean
}

const peer = (
  name: string,
  from: string,
  { title = name, keeps = true, node = false }: Partial<Peer> = {},
): Peer => ({ name, title, package: from, keeps, node })

export const peers: readonly Peer[] = [
  peer('tokenkeep', '@tokenkeep/core', { title: 'Tokenkeep', node: true }),
  peer('tokenkeep-oauth', '@tokenkeep/core', { title: 'Tokenkeep, any OAuth server' }),
  peer('auth0-spa-js', '@auth0/auth0-spa-js'),
  peer('authkit-js', '@workos-inc/authkit-js', { title: 'WorkOS authkit-js' }),
  peer('badgateway', '@badgateway/oauth2-client', { title: 'badgateway oauth2-client', node: true }),
  peer('better-auth', 'better-auth', { title: 'better-auth client' }),
  peer('firebase-auth', '@firebase/auth', { title: 'firebase auth', node: true }),
  peer('keycloak-js', 'keycloak-js', { keeps: false }),
  peer('msal-browser', '@azure/msal-browser'),
  peer('oidc-client-ts', 'oidc-client-ts', { node: true }),
  peer('okta-auth-js', '@okta/okta-auth-js'),
  peer('supabase-auth-js', '@supabase/auth-js', { title: 'supabase auth-js', node: true }),
]
