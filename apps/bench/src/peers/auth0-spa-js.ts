import { Auth0Client, LocalStorageCache } from '@auth0/auth0-spa-js'
import type { Open } from './peer.ts'

const scope = 'openid offline_access'

/** Refresh tokens in localStorage, which its documentation asks for where a session is to outlive a page. */
export const open: Open = async (origin, session) => {
  if (session) {
    const { accessToken, refreshToken, idToken, expiresIn } = session
    const cache = new LocalStorageCache()
    const common = { client_id: 'app', audience: 'api', scope }
    cache.set(`@@auth0spajs@@::app::api::${scope}`, {
      body: {
        ...common,
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: expiresIn,
        token_type: 'Bearer',
      },
      expiresAt: Math.floor(Date.now() / 1000 + expiresIn),
    } as never)
    const claims = { sub: 'ada', __raw: idToken }
    cache.set('@@auth0spajs@@::app::@@user@@', {
      id_token: idToken,
      decodedToken: { claims, user: { sub: 'ada' }, header: {}, encoded: {} },
    } as never)
  }
  const client = new Auth0Client({
    domain: origin,
    clientId: 'app',
    useRefreshTokens: true,
    cacheLocation: 'localstorage',
    authorizationParams: { audience: 'api', scope, redirect_uri: origin },
  })
  return {
    token: () => client.getTokenSilently(),
    signOut: () => client.logout({ logoutParams: { returnTo: origin } }),
  }
}
