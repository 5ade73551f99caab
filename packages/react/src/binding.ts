import { createAuthFetch, type AuthFetch, type TokenManager } from '@tokenkeep/core'

/** A manager's functions, for a component. They stay the same as long as the provider gets the same manager and `fetch`. */
export interface AuthTokenActions extends Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'> {
  /** The provider's `fetch`. Default: `createAuthFetch(manager)`, which sends the token to the page's own origin only. */
  readonly fetch: AuthFetch
  readonly manager: TokenManager
}

export interface Binding {
  readonly actions: AuthTokenActions
  subscribe(listener: () => void): () => void
}

/** Binds a manager to one provider. It subscribes to the manager once, for as long as at least one component listens. */
export function bind(manager: TokenManager, fetch: AuthFetch = createAuthFetch(manager)): Binding {
  const { getAuthToken, signIn, signOut } = manager
  const listeners = new Set<() => void>()
  let unsubscribe: (() => void) | undefined
  return {
    actions: { manager, fetch, getAuthToken, signIn, signOut },
    // React passes a different listener for each component, so a set is enough.
    subscribe(listener) {
      listeners.add(listener)
      unsubscribe ??= manager.subscribe(() => listeners.forEach((each) => each()))
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        unsubscribe?.()
        unsubscribe = undefined
      }
    },
  }
}
