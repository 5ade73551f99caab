'use client'

import { isSignedIn } from '@tokenkeep/core'
import type { ReactNode } from 'react'
import { useAuthToken } from './client.tsx'

export interface RequireAuthProps {
  /** Rendered if nobody is signed in: a sign-in form, or a router's `<Navigate>`. */
  readonly fallback: ReactNode
  /** Rendered until the storage has been read, and on a server. Default: nothing. */
  readonly pending?: ReactNode
  readonly children?: ReactNode
}

/**
 * Renders its children while a user is signed in.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above it
 *
 * @example
 * ```tsx
 * import { RequireAuth } from '@tokenkeep/react'
 *
 * export const Orders = () => (
 *   <RequireAuth fallback={<a href="/sign-in">Sign in</a>} pending={<p>Loading…</p>}>
 *     <h1>Your orders</h1>
 *   </RequireAuth>
 * )
 * ```
 */
export function RequireAuth({ fallback, pending = null, children }: RequireAuthProps): ReactNode {
  const signedIn = useAuthToken(isSignedIn)
  if (signedIn === undefined) return pending
  return signedIn ? children : fallback
}
