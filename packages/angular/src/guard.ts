import { isPlatformServer } from '@angular/common'
import { inject, PLATFORM_ID } from '@angular/core'
import { Router, type UrlTree } from '@angular/router'
import { isSignedIn, settled } from '@tokenkeep/core'
import { AUTH_TOKEN_OPTIONS } from './binding.ts'

/**
 * A route guard for `canActivate`, `canActivateChild` and `canMatch`. It admits users who are signed in, and sends all
 * others to `signInPath` (default `/sign-in`), with the requested URL in the query parameter `next`. It waits until the
 * storage has been read. It admits everyone to the sign-in page itself, so it may guard every route. A server has no
 * storage: there the guard admits everyone, and the page renders the first state.
 *
 * @example
 * ```ts
 * import { provideRouter } from '@angular/router'
 * import { authTokenGuard } from '@tokenkeep/angular'
 *
 * const loadComponent = () => class Orders {}
 * export const router = provideRouter([{ path: 'orders', loadComponent, canActivate: [authTokenGuard] }])
 * ```
 */
export const authTokenGuard = async (): Promise<true | UrlTree> => {
  const { manager, signInPath = '/sign-in' } = inject(AUTH_TOKEN_OPTIONS)
  const router = inject(Router)
  if (isPlatformServer(inject(PLATFORM_ID))) return true
  const signIn = router.parseUrl(signInPath)
  const next = String(router.getCurrentNavigation()?.extractedUrl)
  if (isSignedIn(await settled(manager)) || pathOf(next) === pathOf(String(signIn))) return true
  signIn.queryParams = { ...signIn.queryParams, next }
  return signIn
}

const pathOf = (url: string): string => url.split(/[?#]/)[0]!
