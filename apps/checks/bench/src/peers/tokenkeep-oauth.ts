import { createTokenManager, memoryStore, oauth } from '@tokenkeep/core'
import type { Open } from './peer.ts'

/** Uses a plain OAuth server, which does not know retry ids. */
export const open: Open = async (origin, session) => {
  const auth = createTokenManager({
    transport: oauth({
      tokenEndpoint: `${origin}/oauth/token`,
      revocationEndpoint: `${origin}/oauth/revoke`,
      clientId: 'app',
    }),
    ...(typeof indexedDB === 'undefined' && { storage: memoryStore() }),
  })
  if (session)
    await auth.signIn({
      access_token: session.accessToken,
      expires_in: session.expiresIn,
      refresh_token: session.refreshToken,
    })
  return { token: () => auth.getAuthToken(), signOut: () => auth.signOut() }
}
