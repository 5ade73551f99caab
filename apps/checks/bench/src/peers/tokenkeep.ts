import { createTokenManager, memoryStore, sessionServer } from '@tokenkeep/core'
import type { Open } from './peer.ts'

/** Sets the manager up as in the quick start. In Node, which has no browser storage, it uses memory. */
export const open: Open = async (origin, session) => {
  const auth = createTokenManager({
    transport: sessionServer({ url: origin, appId: 'app' }),
    ...(typeof indexedDB === 'undefined' && { storage: memoryStore() }),
  })
  if (session)
    await auth.signIn({
      auth_token: session.accessToken,
      auth_token_expires_in: session.expiresIn,
      session_id: 'session',
      user_id: 'ada',
      redirect_url: origin,
      refresh_token: session.refreshToken,
    })
  return { token: () => auth.getAuthToken(), signOut: () => auth.signOut() }
}
