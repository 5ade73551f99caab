'use client'

import { isSettled, settled, type SettledState } from '@tokenkeep/core'
import { useAuthToken, type AuthToken } from './client.tsx'

/** What is known once the storage has been read. */
export interface SettledAuthToken extends AuthToken {
  readonly state: SettledState
}

/**
 * `useAuthToken()` that suspends until the storage has been read: what it returns always tells who is signed in. A
 * server cannot know, and leaves the place to the nearest `<Suspense>`'s fallback.
 */
export function useSuspenseAuthToken(): SettledAuthToken {
  const auth = useAuthToken()
  const { state } = auth
  if (isSettled(state)) return { ...auth, state }
  if (typeof document === 'undefined') throw new Error('The auth state is known in the browser only')
  // oxlint-disable-next-line no-throw-literal -- What React waits for, in 18 as in 19.
  throw settled(auth.manager)
}
