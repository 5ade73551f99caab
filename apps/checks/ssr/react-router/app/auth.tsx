import { AuthTokenProvider } from '@tokenkeep/react'
import { createAppSession, type SessionSnapshot } from '@tokenkeep/ssr/browser'
import { useState, type ReactNode } from 'react'

interface SessionProps {
  /** What the server has rendered. A page for everybody has none. */
  readonly snapshot?: SessionSnapshot
  readonly children: ReactNode
}

/** Gives the token manager to `useAuthToken()` of `@tokenkeep/react`. */
export function Session({ snapshot, children }: SessionProps) {
  const [manager] = useState(() => createAppSession({ appId: 'shop', snapshot }))
  return <AuthTokenProvider manager={manager}>{children}</AuthTokenProvider>
}
