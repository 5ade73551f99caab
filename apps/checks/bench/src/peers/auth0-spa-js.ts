import { Auth0Client } from '@auth0/auth0-spa-js'
import { scope, store } from './auth0-cache.ts'
import type { Open } from './peer.ts'

/** Keeps refresh tokens in localStorage, as its documentation asks if a session must outlive a page. */
export const open: Open = async (origin, session) => {
  if (session) store(session)
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
