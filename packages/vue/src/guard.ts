import { isSignedIn, settled, type TokenManager } from '@tokenkeep/core'

/**
 * Creates a navigation guard for vue-router. It admits users who are signed in, and sends all others to the location
 * that `signIn` returns. It waits until the storage has been read. A server has no storage: there the guard admits
 * everyone, and the page renders the first state.
 *
 * @example
 * ```ts
 * import { authTokenGuard, createTokenManager, sessionServer } from '@tokenkeep/vue'
 * import { createRouter, createWebHistory } from 'vue-router'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const beforeEnter = authTokenGuard(createTokenManager({ transport }), () => '/sign-in')
 * const routes = [{ path: '/orders', component: {}, beforeEnter }]
 * export const router = createRouter({ history: createWebHistory(), routes })
 * ```
 */
export const authTokenGuard =
  <To extends { readonly fullPath: string }, Location>(
    manager: Pick<TokenManager, 'get' | 'subscribe'>,
    signIn: (to: To) => Location,
  ) =>
  async (to: To): Promise<true | Location> =>
    typeof document === 'undefined' || isSignedIn(await settled(manager)) || signIn(to)
