import { QueryClient } from '@tanstack/react-query'
import { isTokenError, type TokenManager } from '@tokenkeep/core'

/** A QueryClient that knows what a retry can help with, and forgets a user's data when they are gone. */
export const createQueryClient = (auth: TokenManager): QueryClient => {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // Only a sign-in helps against these; the rest may pass. The manager keeps its own distance to the server.
        retry: (failures, error) => failures < 3 && !(isTokenError(error) && needsSignIn.has(error.code)),
      },
    },
  })
  let user = auth.session()?.userId
  auth.subscribe((state) => {
    // Nothing is known yet, or nobody else has come: a refresh is no reason to ask for everything again.
    if (state.status === 'refreshing' && !state.session) return
    const now = auth.session()?.userId
    if (user !== undefined && now !== user) client.clear()
    user = now
  })
  return client
}

const needsSignIn = new Set(['sign-in-required', 'session-changed'])
