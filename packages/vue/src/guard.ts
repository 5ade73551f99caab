import type { AuthState, TokenManager } from '@tokenkeep/core'

/** Whether there is a session to go on with; undefined until the storage has been read. */
const signedIn = (state: AuthState): boolean | undefined =>
  state.status === 'signed-out'
    ? false
    : state.session && (state.status !== 'expired' || state.session.renewable)

/**
 * A navigation guard for vue-router: who is signed in may enter, everybody else goes where `signIn` says. It waits
 * until the storage has been read. A server has none: it lets everyone pass, and its page shows the first state.
 */
export const authTokenGuard =
  <To extends { readonly fullPath: string }, Location>(
    manager: Pick<TokenManager, 'get' | 'subscribe'>,
    signIn: (to: To) => Location,
  ) =>
  (to: To): Promise<true | Location> =>
    new Promise((resolve) => {
      if (typeof document === 'undefined') return resolve(true)
      const look = (): void => {
        const entry = signedIn(manager.get())
        if (entry === undefined) return
        stop()
        resolve(entry || signIn(to))
      }
      const stop = manager.subscribe(look)
      look()
    })
