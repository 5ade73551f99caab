import { isPlatformServer } from '@angular/common'
import { inject, PLATFORM_ID } from '@angular/core'
import { Router, type UrlTree } from '@angular/router'
import { isSignedIn, settled } from '@tokenkeep/core'
import { AUTH_TOKEN_OPTIONS } from './auth-token.ts'

/**
 * For `canActivate` and `canMatch`: who is signed in may enter, everybody else goes to `signInPath`, with the way back
 * in the query's `next`. It waits until the storage has been read. A server has none: it lets everyone pass, and its
 * page shows the first state.
 */
export const authTokenGuard = async (): Promise<true | UrlTree> => {
  const { manager, signInPath = '/sign-in' } = inject(AUTH_TOKEN_OPTIONS)
  const router = inject(Router)
  if (isPlatformServer(inject(PLATFORM_ID))) return true
  const next = router.getCurrentNavigation()?.extractedUrl.toString()
  return isSignedIn(await settled(manager)) || router.createUrlTree([signInPath], { queryParams: { next } })
}
