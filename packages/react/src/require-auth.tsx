'use client'

import { isSignedIn } from '@tokenkeep/core'
import type { ReactNode } from 'react'
import { useAuthToken } from './client.tsx'

export interface RequireAuthProps {
  /** Instead of the children, for who is not signed in: a sign-in form, or a router's `<Navigate>`. */
  readonly fallback: ReactNode
  /** Until the storage has been read, and on a server. Default: nothing. */
  readonly pending?: ReactNode
  readonly children?: ReactNode
}

/** Shows its children to who is signed in, for as long as they are. */
export function RequireAuth({ fallback, pending = null, children }: RequireAuthProps): ReactNode {
  const entry = useAuthToken(isSignedIn)
  return entry === undefined ? pending : entry ? children : fallback
}
