import { Auth0Provider, useAuth0 } from '@auth0/auth0-react'
import type { Mount } from './mounted.ts'
import { show } from './react.tsx'
import { scope, store } from '../peers/auth0-cache.ts'

/** Uses `useAuth0()`, set up as in *Faults*. */
export const mount: Mount = async (session, onRender, root) => {
  store(session)
  document.cookie = 'auth0.app.is.authenticated=true'
  let refresh = (): Promise<unknown> => Promise.resolve()
  function Reader() {
    onRender()
    const { isAuthenticated, getAccessTokenSilently } = useAuth0()
    refresh = getAccessTokenSilently
    return isAuthenticated ? <i /> : null
  }
  show(root, Reader, (children) => (
    <Auth0Provider
      domain={location.origin}
      clientId="app"
      useRefreshTokens
      cacheLocation="localstorage"
      authorizationParams={{ audience: 'api', scope, redirect_uri: location.origin }}
    >
      {children}
    </Auth0Provider>
  ))
  return () => refresh()
}
