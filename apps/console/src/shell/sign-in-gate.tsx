import { useQueryClient } from '@tanstack/react-query'
import { useAuthToken } from '@tokenkeep/react'
import { useEffect, type ReactNode } from 'react'
import { SignInPage } from '../pages/sign-in/sign-in-page.tsx'

/** Shows its children to a signed-in admin, and the sign-in page to everyone else. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const signedIn = useAuthToken(({ status }) => status !== 'signed-out')
  const statusKnown = useAuthToken((state) => state.status !== 'refreshing' || state.session !== undefined)
  const reason = useAuthToken((state) => (state.status === 'signed-out' ? state.reason : 'none'))
  const cache = useQueryClient()
  // The next admin must not see cached data of the previous one.
  useEffect(() => {
    if (!signedIn) cache.clear()
  }, [signedIn, cache])
  if (!statusKnown) return null
  return signedIn ? children : <SignInPage reason={reason} />
}
