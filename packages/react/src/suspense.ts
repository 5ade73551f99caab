'use client'

import type { AuthState, Refreshing, Session } from '@tokenkeep/core'
import { useAuthToken, type AuthToken } from './client.tsx'

/** What is known once the storage has been read. */
export interface SettledAuthToken extends AuthToken {
  readonly state: Exclude<AuthState, Refreshing> | (Refreshing & { readonly session: Session })
}

/**
 * `useAuthToken()` that suspends until the storage has been read: what it returns always tells who is signed in. A
 * server cannot know, and leaves the place to the nearest `<Suspense>`'s fallback.
 */
export function useSuspenseAuthToken(): SettledAuthToken {
  const auth = useAuthToken()
  if (settled(auth)) return auth
  if (typeof document === 'undefined') throw new Error('The auth state is known in the browser only')
  // oxlint-disable-next-line no-throw-literal -- What React waits for, in 18 as in 19.
  throw new Promise<void>((resolve) => {
    const stop = auth.manager.subscribe(() => {
      stop()
      resolve()
    })
  })
}

const settled = (auth: AuthToken): auth is SettledAuthToken =>
  auth.state.status !== 'refreshing' || auth.state.session !== undefined
