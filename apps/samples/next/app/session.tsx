'use client'

import { AuthTokenProvider } from '@tokenkeep/react'
import { createAppSession, type SessionSnapshot } from '@tokenkeep/ssr/browser'
import { useState, type ReactNode } from 'react'

interface Props {
  readonly snapshot: SessionSnapshot
  readonly children: ReactNode
}

// The page has one manager for its whole life. Its first state is the server's, so nothing flashes and hydration matches.
export const Session = ({ snapshot, children }: Props) => {
  const [manager] = useState(() => createAppSession({ appId: 'demo', snapshot }))
  return <AuthTokenProvider manager={manager}>{children}</AuthTokenProvider>
}
