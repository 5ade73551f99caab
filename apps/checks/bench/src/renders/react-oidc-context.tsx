import { User, UserManager } from 'oidc-client-ts'
import { AuthProvider, useAuth } from 'react-oidc-context'
import type { Mount } from './mounted.ts'
import { show } from './react.tsx'

/** Uses `useAuth()`, with a user manager as in *Faults*. */
export const mount: Mount = async ({ accessToken, refreshToken, expiresIn }, onRender, root) => {
  const { origin } = location
  const manager = new UserManager({
    authority: origin,
    client_id: 'app',
    redirect_uri: `${origin}/`,
    automaticSilentRenew: false,
    metadata: { issuer: origin, token_endpoint: `${origin}/oauth/token` },
  })
  const profile = { sub: 'ada', iss: origin, aud: 'app', exp: 0, iat: 0 }
  const expires_at = Math.floor(Date.now() / 1000 + expiresIn)
  await manager.storeUser(
    new User({
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_at,
      profile,
    }),
  )
  function Reader() {
    onRender()
    return useAuth().isAuthenticated ? <i /> : null
  }
  show(root, Reader, (children) => <AuthProvider userManager={manager}>{children}</AuthProvider>)
  return () => manager.signinSilent()
}
