import { isPlatformServer } from '@angular/common'
import { inject, PLATFORM_ID } from '@angular/core'
import { Router, type UrlTree } from '@angular/router'
import { isSignedIn, settled, type Session } from '@tokenkeep/core'
import { AUTH_TOKEN_OPTIONS } from './binding.ts'

/**
 * Creates a route guard for `canActivate`, `canActivateChild` and `canMatch`. It admits users whom `allow` admits, and sends
 * all others to `forbiddenPath` (default `/forbidden`), which it must not guard. Put it after `authTokenGuard`, which sends
 * users to sign in. It protects what is shown: the API must decide by the token, because a user can change what a browser
 * stores. On a server it admits everyone.
 *
 * @example
 * ```ts
 * import { authTokenGuard, roleGuard } from '@tokenkeep/angular'
 *
 * const isAdmin = roleGuard(({ claims }) => [claims?.['roles']].flat().includes('admin'))
 * const loadComponent = () => class Prices {}
 * export const route = { path: 'prices', loadComponent, canActivate: [authTokenGuard, isAdmin] }
 * ```
 */
export const roleGuard =
  (allow: (session: Session) => boolean, forbiddenPath = '/forbidden') =>
  async (): Promise<true | UrlTree> => {
    const { manager } = inject(AUTH_TOKEN_OPTIONS)
    const router = inject(Router)
    if (isPlatformServer(inject(PLATFORM_ID))) return true
    const state = await settled(manager)
    const isAllowed = isSignedIn(state) && state.session && allow(state.session)
    return isAllowed || router.parseUrl(forbiddenPath)
  }
