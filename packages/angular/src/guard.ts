import { isPlatformServer } from '@angular/common'
import { inject, PLATFORM_ID } from '@angular/core'
import { Router, type UrlTree } from '@angular/router'
import type { AuthState } from '@tokenkeep/core'
import { AUTH_TOKEN_OPTIONS } from './auth-token.ts'

/** Whether there is a session to go on with; undefined until the storage has been read. */
const signedIn = (state: AuthState): boolean | undefined =>
  state.status === 'signed-out'
    ? false
    : state.session && (state.status !== 'expired' || state.session.renewable)

/**
 * For `canActivate` and `canMatch`: who is signed in may enter, everybody else goes to `signInPath`, with the way back
 * in the query's `next`. It waits until the storage has been read. A server has none: it lets everyone pass, and its
 * page shows the first state.
 */
export const authTokenGuard = (): Promise<true | UrlTree> => {
  const { manager, signInPath = '/sign-in' } = inject(AUTH_TOKEN_OPTIONS)
  const router = inject(Router)
  if (isPlatformServer(inject(PLATFORM_ID))) return Promise.resolve(true)
  const next = router.getCurrentNavigation()?.extractedUrl.toString()
  return new Promise((resolve) => {
    const look = (): void => {
      const entry = signedIn(manager.get())
      if (entry === undefined) return
      stop()
      resolve(entry || router.createUrlTree([signInPath], { queryParams: { next } }))
    }
    const stop = manager.subscribe(look)
    look()
  })
}
