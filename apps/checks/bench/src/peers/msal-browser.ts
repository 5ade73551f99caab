import { createStandardPublicClientApplication, loadExternalTokens } from '@azure/msal-browser'
import type { Open } from './peer.ts'

/** Replaces `origin` as the authority, because an authority must use https. `profile()` forwards the page's requests for it to `origin`. */
export const authority = 'https://login.example.test'

/** Keeps tokens in localStorage. Its authority speaks OpenID Connect, and its metadata is given. */
export const open: Open = async (origin, session) => {
  const config = {
    auth: {
      clientId: 'app',
      authority: `${authority}/app/`,
      redirectUri: origin,
      knownAuthorities: [new URL(authority).host],
      authorityMetadata: JSON.stringify({
        issuer: authority,
        authorization_endpoint: `${authority}/authorize`,
        token_endpoint: `${authority}/oauth/token`,
        end_session_endpoint: `${authority}/logout`,
        jwks_uri: `${authority}/jwks`,
      }),
    },
    cache: { cacheLocation: 'localStorage' as const },
    system: { protocolMode: 'OIDC' as const },
  }
  const scopes = ['api']
  const client = await createStandardPublicClientApplication(config)
  if (session) {
    const { accessToken, refreshToken, idToken, expiresIn } = session
    const response = {
      access_token: accessToken,
      refresh_token: refreshToken,
      id_token: idToken,
      expires_in: expiresIn,
      scope: 'api',
    }
    await loadExternalTokens(config, { scopes }, response, {})
  }
  return {
    async token() {
      const [account] = client.getAllAccounts()
      return account && (await client.acquireTokenSilent({ scopes, account })).accessToken
    },
    signOut: () => client.logoutRedirect(),
  }
}
