import { useQueryClient } from '@tanstack/react-query'
import { useAuthToken } from '@tokenkeep/react'
import { useEffect, type ReactNode } from 'react'
import { SignInPage } from '../pages/sign-in/sign-in-page.tsx'

/** Shows the Console to whoever is signed in, and the way in to everybody else. */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const signedIn = useAuthToken(({ status }) => status !== 'signed-out')
  const known = useAuthToken((state) => state.status !== 'refreshing' || state.session !== undefined)
  const reason = useAuthToken((state) => (state.status === 'signed-out' ? state.reason : 'none'))
  const cache = useQueryClient()
  // Nothing of one admin's is there for the next.
  useEffect(() => {
    if (!signedIn) cache.clear()
  }, [signedIn, cache])
  if (!known) return null
  return signedIn ? children : <SignInPage reason={reason} />
}
