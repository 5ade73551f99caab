'use client'

import { AuthTokenProvider, createTokenManager, sessionServer } from '@tokenkeep/react'
import type { ReactNode } from 'react'

// The page has one manager for its whole life. On the server, the manager stays in its first state, reads no storage and starts no timer.
export const auth = createTokenManager({
  transport: sessionServer({
    url: process.env['NEXT_PUBLIC_TOKENKEEP_URL'] ?? 'http://localhost:4000',
    appId: 'demo',
  }),
})

export const Auth = ({ children }: { readonly children: ReactNode }) => (
  <AuthTokenProvider manager={auth}>{children}</AuthTokenProvider>
)
