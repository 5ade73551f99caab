'use client'

import { initialState, type AuthState, type TokenManager } from '@tokenkeep/core'
import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { oncePerState } from './once-per-state.ts'

type Actions = Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'>

/** What `useAuthToken()` returns: the state, and functions that stay the same for a manager's whole life. */
export interface AuthToken extends Actions {
  readonly state: AuthState
  readonly manager: TokenManager
}

interface Binding extends Actions {
  readonly manager: TokenManager
  readonly subscribe: TokenManager['subscribe']
}

const AuthTokenContext = createContext<Binding | undefined>(undefined)

/** Gives the components below it a manager. It does not dispose of it: who creates a manager owns it. */
export function AuthTokenProvider({ manager, children }: { manager: TokenManager; children?: ReactNode }) {
  const binding = useMemo<Binding>(
    () => ({
      manager,
      subscribe: (listener) => manager.subscribe(listener),
      getAuthToken: (options) => manager.getAuthToken(options),
      signIn: (authResult) => manager.signIn(authResult),
      signOut: () => manager.signOut(),
    }),
    [manager],
  )
  return <AuthTokenContext.Provider value={binding}>{children}</AuthTokenContext.Provider>
}

/** The auth state and what can be done about it. */
export function useAuthToken(): AuthToken
/** A value derived from the auth state: renders again only when that value changes (`Object.is`). */
export function useAuthToken<T>(selector: (state: AuthState) => T): T
export function useAuthToken<T>(selector?: (state: AuthState) => T): T | AuthToken {
  const binding = useContext(AuthTokenContext)
  if (!binding) throw new Error('useAuthToken() must be used below an <AuthTokenProvider manager={…}>')
  const { manager, subscribe, getAuthToken, signIn, signOut } = binding

  const select = useMemo(
    () =>
      oncePerState<T | AuthToken>(
        selector ?? ((state) => ({ state, manager, getAuthToken, signIn, signOut })),
      ),
    [selector, manager, getAuthToken, signIn, signOut],
  )

  return useSyncExternalStore(
    subscribe,
    () => select(manager.get()),
    // No storage on a server: what it renders is what the browser hydrates before it has read its own.
    () => select(initialState),
  )
}
