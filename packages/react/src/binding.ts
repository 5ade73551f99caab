import { createAuthFetch, type TokenManager } from '@tokenkeep/core'

/** What can be done about the auth state, by functions that stay the same for a manager's whole life. */
export interface AuthTokenActions extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  /** `fetch` with the auth token, for the page's own origin or as the provider was told. */
  readonly fetch: typeof fetch
  readonly manager: TokenManager
}

export interface Binding {
  readonly actions: AuthTokenActions
  subscribe(listener: () => void): () => void
}

/** Ties a manager to one root: however many components listen, the manager has one subscriber, or none. */
export function bind(manager: TokenManager, fetch = createAuthFetch(manager)): Binding {
  const listeners = new Set<() => void>()
  let stop: (() => void) | undefined
  return {
    actions: {
      manager,
      fetch,
      getAuthToken: (options) => manager.getAuthToken(options),
      signIn: (result) => manager.signIn(result),
      signOut: () => manager.signOut(),
    },
    subscribe(listener) {
      const own = (): void => listener()
      listeners.add(own)
      stop ??= manager.subscribe(() => listeners.forEach((each) => each()))
      return () => {
        listeners.delete(own)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
  }
}
