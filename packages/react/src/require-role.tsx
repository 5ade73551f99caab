'use client'

import { isSignedIn, type Session } from '@tokenkeep/core'
import type { ReactNode } from 'react'
import { useAuthToken } from './client.tsx'
import { RequireAuth, type RequireAuthProps } from './require-auth.tsx'

export interface RequireRoleProps extends RequireAuthProps {
  /** Decides by the session whether the user may see the children, for example by a role in its claims. */
  readonly allow: (session: Session) => boolean
  /** Rendered if a user is signed in and `allow` returns false. Default: nothing. */
  readonly forbidden?: ReactNode
}

/**
 * A `<RequireAuth>` that renders its children only for users whom `allow` admits. It protects what is shown. The API must
 * decide by the token, because a user can change what a browser stores.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above it
 *
 * @example
 * ```tsx
 * import { RequireRole } from '@tokenkeep/react'
 *
 * export const Prices = () => (
 *   <RequireRole
 *     allow={({ claims }) => [claims?.['roles']].flat().includes('admin')}
 *     fallback={<a href="/sign-in">Sign in</a>}
 *     forbidden={<p>Ask an administrator.</p>}
 *   >
 *     <h1>Prices</h1>
 *   </RequireRole>
 * )
 * ```
 */
export function RequireRole({ allow, forbidden = null, children, ...auth }: RequireRoleProps): ReactNode {
  const isAllowed = useAuthToken((state) => isSignedIn(state) && state.session && allow(state.session))
  return <RequireAuth {...auth}>{isAllowed ? children : forbidden}</RequireAuth>
}
