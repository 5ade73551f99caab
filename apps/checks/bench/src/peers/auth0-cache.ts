import { LocalStorageCache } from '@auth0/auth0-spa-js'
import type { Session } from './peer.ts'

export const scope = 'openid offline_access'

/** Writes into the SDK's cache what its own sign-in writes there. */
export function store({ accessToken, refreshToken, idToken, expiresIn }: Session): void {
  const cache = new LocalStorageCache()
  cache.set(`@@auth0spajs@@::app::api::${scope}`, {
    body: {
      client_id: 'app',
      audience: 'api',
      scope,
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
