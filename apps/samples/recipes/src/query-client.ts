import { QueryClient } from '@tanstack/react-query'
import { isTokenError, type TokenManager } from '@tokenkeep/core'

/** A QueryClient that retries only errors that can be temporary, and drops a user's data after the sign-out. */
export const createQueryClient = (auth: TokenManager): QueryClient => {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // Only a sign-in helps against these. Other failures may be temporary, and the manager itself waits between its requests.
        retry: (failures, error) => failures < 3 && !(isTokenError(error) && needsSignIn.has(error.code)),
      },
    },
  })
  let user = auth.session()?.userId
  auth.subscribe((state) => {
    // The storage has not been read yet, so the user is not known.
    if (state.status === 'refreshing' && !state.session) return
    const now = auth.session()?.userId
    if (user !== undefined && now !== user) client.clear()
    user = now
  })
  return client
}

const needsSignIn = new Set(['sign-in-required', 'session-changed'])
