import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import type { Open } from './peer.ts'

/**
 * Renews when a caller asks, and not also by its timer: both at once would use one token twice. The user is in
 * localStorage, so that tabs share it. Metadata is given, to save requests.
 */
export const open: Open = async (origin, session) => {
  const manager = new UserManager({
    authority: origin,
    client_id: 'app',
    redirect_uri: `${origin}/`,
    scope: 'openid offline_access',
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: localStorage }),
    metadata: {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/oauth/token`,
      revocation_endpoint: `${origin}/oauth/revoke`,
      end_session_endpoint: `${origin}/logout`,
    },
  })
  if (session) {
    const { accessToken, refreshToken, idToken, expiresIn } = session
    await manager.storeUser(
      new User({
        access_token: accessToken,
        refresh_token: refreshToken,
        id_token: idToken,
        token_type: 'Bearer',
        scope: 'openid offline_access',
        expires_at: Math.floor(Date.now() / 1000 + expiresIn),
        profile: { sub: 'ada', iss: origin, aud: 'app', exp: 0, iat: 0 },
      }),
    )
  }
  return {
    async token() {
      const user = await manager.getUser()
      return (user?.expired ? await manager.signinSilent() : user)?.access_token
    },
    signOut: () => manager.signoutRedirect(),
  }
}
