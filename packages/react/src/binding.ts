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
  const { getAuthToken, signIn, signOut } = manager
  const listeners = new Set<() => void>()
  let stop: (() => void) | undefined
  return {
    actions: { manager, fetch, getAuthToken, signIn, signOut },
    // React subscribes with a function of its own for each component.
    subscribe(listener) {
      listeners.add(listener)
      stop ??= manager.subscribe(() => listeners.forEach((each) => each()))
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
  }
}
