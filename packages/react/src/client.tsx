'use client'

import { initialState, type AuthState, type TokenManager } from '@tokenkeep/core'
import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { bind, type AuthTokenActions, type Binding } from './binding.ts'
import { oncePerState } from './once-per-state.ts'

/** What `useAuthToken()` returns. */
export interface AuthToken extends AuthTokenActions {
  readonly state: AuthState
}

export interface AuthTokenProviderProps {
  /** The provider does not dispose of it: who creates a manager owns it. */
  readonly manager: TokenManager
  /** What `useAuthToken().fetch` is, where the API has another origin than the page: `createAuthFetch(manager, { origins })`. */
  readonly fetch?: typeof fetch
  readonly children?: ReactNode
}

const AuthTokenContext = createContext<Binding | undefined>(undefined)

/** Gives the components below it a manager. */
export function AuthTokenProvider({ manager, fetch, children }: AuthTokenProviderProps) {
  const binding = useMemo(() => bind(manager, fetch), [manager, fetch])
  return <AuthTokenContext.Provider value={binding}>{children}</AuthTokenContext.Provider>
}

/** The auth state and what can be done about it. */
export function useAuthToken(): AuthToken
/** A value derived from the auth state: renders again only when that value changes (`Object.is`). */
export function useAuthToken<T>(selector: (state: AuthState) => T): T
export function useAuthToken<T>(selector?: (state: AuthState) => T): T | AuthToken {
  const binding = useContext(AuthTokenContext)
  if (!binding) throw new Error('useAuthToken() must be used below an <AuthTokenProvider manager={…}>')
  const { actions, subscribe } = binding
  const select = useMemo(
    () => oncePerState<T | AuthToken>(selector ?? ((state) => ({ ...actions, state }))),
    [selector, actions],
  )
  return useSyncExternalStore(
    subscribe,
    () => select(actions.manager.get()),
    // No storage on a server: what it renders is what the browser hydrates before it has read its own.
    () => select(initialState),
  )
}
