import { isSignedIn, settled, type Session, type TokenManager } from '@tokenkeep/core'
import { leadsTo } from './guard.ts'

/**
 * Creates a navigation guard for vue-router. It admits users whom `allow` admits, and sends all others to the location that
 * `forbidden` returns; `false` stays on the page. Put it after `authTokenGuard`, which sends users to sign in. It protects
 * what is shown: the API must decide by the token, because a user can change what a browser stores.
 *
 * @example
 * ```ts
 * import { authTokenGuard, createTokenManager, roleGuard, sessionServer, type Session } from '@tokenkeep/vue'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport })
 * const isAdmin = ({ claims }: Session) => [claims?.['roles']].flat().includes('admin')
 * const beforeEnter = [authTokenGuard(auth, () => '/sign-in'), roleGuard(auth, isAdmin, () => '/forbidden')]
 * export const routes = [{ path: '/prices', component: {}, beforeEnter }]
 * ```
 */
export const roleGuard =
  <To extends { readonly fullPath: string }, Location extends string | object | boolean>(
    manager: Pick<TokenManager, 'get' | 'subscribe'>,
    allow: (session: Session) => boolean,
    forbidden: (to: To) => Location,
  ) =>
  async (to: To): Promise<true | Location> => {
    if (typeof document === 'undefined') return true
    const state = await settled(manager)
    if (isSignedIn(state) && state.session && allow(state.session)) return true
    const location = forbidden(to)
    return leadsTo(location, to) || location
  }
