'use client'

import { initialState, type AuthFetch, type AuthState, type TokenManager } from '@tokenkeep/core'
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { bind, type AuthTokenActions, type Binding } from './binding.ts'
import { oncePerState } from './once-per-state.ts'
import { stopWaiting } from './when-settled.ts'

/** What `useAuthToken()` returns. */
export interface AuthToken extends AuthTokenActions {
  readonly state: AuthState
}

export interface AuthTokenProviderProps {
  /** The code that creates the manager also disposes it: the provider does not. */
  readonly manager: TokenManager
  /**
   * What `useAuthToken().fetch` is. Default: `createAuthFetch(manager)`. If the API has another origin than the page,
   * pass `createAuthFetch(manager, { origins })`, created once and not in a render.
   */
  readonly fetch?: AuthFetch
  readonly children?: ReactNode
}

const AuthTokenContext = createContext<Binding | undefined>(undefined)

/**
 * Provides a token manager to the components below it.
 *
 * @example
 * ```tsx
 * import { AuthTokenProvider, createTokenManager, sessionServer } from '@tokenkeep/react'
 *
 * const manager = createTokenManager({
 *   transport: sessionServer({ url: 'https://auth.example.com', appId: 'shop' }),
 * })
 * export const App = () => <AuthTokenProvider manager={manager}>…</AuthTokenProvider>
 * ```
 */
export function AuthTokenProvider({ manager, fetch, children }: AuthTokenProviderProps) {
  const binding = useMemo(() => bind(manager, fetch), [manager, fetch])
  useEffect(() => () => stopWaiting(manager), [manager])
  return <AuthTokenContext.Provider value={binding}>{children}</AuthTokenContext.Provider>
}

/** @throws Error if there is no `<AuthTokenProvider>` above the component */
export function useBinding(): Binding {
  const binding = useContext(AuthTokenContext)
  if (!binding)
    throw new Error(
      'useAuthToken() found no token manager: render <AuthTokenProvider manager={…}> above this component.',
    )
  return binding
}

/**
 * Returns the auth state and the manager's functions. The component renders again after each change of the state.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above the component
 *
 * @example
 * ```tsx
 * import { useAuthToken } from '@tokenkeep/react'
 *
 * export function SignOut() {
 *   const { state, signOut } = useAuthToken()
 *   return state.status === 'signed-out' ? null : <button onClick={signOut}>Sign out</button>
 * }
 * ```
 */
export function useAuthToken(): AuthToken
/**
 * Returns what `selector` reads from the auth state. The component renders again only if that value changes
 * (`Object.is`). A selector that is created in a render runs in each render.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above the component
 *
 * @example
 * ```tsx
 * import { isSignedIn, useAuthToken } from '@tokenkeep/react'
 *
 * export const Greeting = () => <p>{useAuthToken(isSignedIn) ? 'Welcome back' : 'Please sign in'}</p>
 * ```
 */
export function useAuthToken<T>(selector: (state: AuthState) => T): T
export function useAuthToken<T>(selector?: (state: AuthState) => T): T | AuthToken {
  const { actions, subscribe } = useBinding()
  const select = useMemo(
    () => oncePerState<T | AuthToken>(selector ?? ((state) => ({ ...actions, state }))),
    [selector, actions],
  )
  return useSyncExternalStore(
    subscribe,
    () => select(actions.manager.get()),
    // The server renders the first state, and so does the browser's first render: hydration matches.
    () => select(actions.manager.firstState ?? initialState),
  )
}
