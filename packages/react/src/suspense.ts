'use client'

import { isSettled, type SettledState } from '@tokenkeep/core'
import { useAuthToken, type AuthToken } from './client.tsx'
import { whenSettled } from './when-settled.ts'

/** What `useSuspenseAuthToken()` returns: its state always says who is signed in. */
export interface SettledAuthToken extends AuthToken {
  readonly state: SettledState
}

/**
 * Like `useAuthToken()`, but suspends until the storage has been read. On a server, the nearest `<Suspense>` renders
 * its fallback.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above the component
 * @throws Error on a server: React catches it, sends the fallback, and lets the browser render the component
 *
 * @example
 * ```tsx
 * import { useSuspenseAuthToken } from '@tokenkeep/react'
 *
 * export function UserId() {
 *   const { state } = useSuspenseAuthToken()
 *   return <p>{state.status === 'signed-out' ? 'Nobody' : state.session.userId}</p>
 * }
 * ```
 */
export function useSuspenseAuthToken(): SettledAuthToken {
  const auth = useAuthToken()
  const { state } = auth
  if (isSettled(state)) return { ...auth, state }
  if (typeof document === 'undefined')
    throw new Error(
      'A server cannot read the auth state: put a <Suspense> above the component that calls useSuspenseAuthToken(), and React sends its fallback.',
    )
  // oxlint-disable-next-line no-throw-literal -- A component suspends by throwing a promise, in React 18 and 19.
  throw whenSettled(auth.manager)
}
