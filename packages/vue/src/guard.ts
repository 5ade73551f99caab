import { isSignedIn, settled, type TokenManager } from '@tokenkeep/core'

/**
 * A navigation guard for vue-router: who is signed in may enter, everybody else goes where `signIn` says. It waits
 * until the storage has been read. A server has none: it lets everyone pass, and its page shows the first state.
 */
export const authTokenGuard =
  <To extends { readonly fullPath: string }, Location>(
    manager: Pick<TokenManager, 'get' | 'subscribe'>,
    signIn: (to: To) => Location,
  ) =>
  async (to: To): Promise<true | Location> =>
    typeof document === 'undefined' || isSignedIn(await settled(manager)) || signIn(to)
