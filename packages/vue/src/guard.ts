import { isSignedIn, settled, type TokenManager } from '@tokenkeep/core'

/** What the guard reads of a route, and of the location of the sign-in page. */
interface Target {
  readonly path?: string | undefined
  readonly name?: unknown
}

/**
 * Creates a navigation guard for vue-router. It admits users who are signed in, and sends all others to the location
 * that `signIn` returns. It waits until the storage has been read. A server has no storage: there the guard admits
 * everyone, and the page renders the first state.
 *
 * It may guard every route, by `router.beforeEach`: it admits everyone to the sign-in page itself, and to each page for
 * which `signIn` returns `true`.
 *
 * @throws Error (the guard) if another guard or a redirect leads from the sign-in page to another guarded page
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
export const authTokenGuard = <
  To extends { readonly fullPath: string },
  Location extends string | object | boolean,
>(
  manager: Pick<TokenManager, 'get' | 'subscribe'>,
  signIn: (to: To) => Location,
) => {
  const redirected = new WeakSet<object>()
  return async (to: To): Promise<true | Location> => {
    if (typeof document === 'undefined' || isSignedIn(await settled(manager))) return true
    const location = signIn(to)
    if (location === true || leadsTo(location, to)) return true
    // vue-router keeps the page at which a navigation began.
    const { redirectedFrom } = to as { redirectedFrom?: object }
    if (redirectedFrom && redirected.has(redirectedFrom))
      throw new Error(
        `authTokenGuard() led to ${to.fullPath}, which is guarded: let signIn() return true for it.`,
      )
    redirected.add(to)
    return location
  }
}

/** True if a navigation to `to` has arrived at `location`. */
export function leadsTo(
  location: string | Target | boolean,
  to: Target & { readonly fullPath: string },
): boolean {
  const { path, name } = typeof location === 'object' ? location : { path: String(location), name: undefined }
  return name === undefined ? path?.replace(/[?#].*/, '') === to.path : name === to.name
}
