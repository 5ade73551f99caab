import { createTokenManager, sessionServer, type TokenManager } from '@tokenkeep/core'
import type { Session } from '../peers/peer.ts'

/** Creates a manager and signs it in. */
export async function signedIn({ accessToken, refreshToken, expiresIn }: Session): Promise<TokenManager> {
  const manager = createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'app' }) })
  await manager.signIn({
    auth_token: accessToken,
    auth_token_expires_in: expiresIn,
    session_id: 'session',
    user_id: 'ada',
    redirect_url: location.origin,
    refresh_token: refreshToken,
  })
  return manager as TokenManager
}
