import { QueryClient } from '@tanstack/react-query'
import { isTokenError } from '@tokenkeep/react'
import { isApiError } from './api-error.ts'

/** A query that has failed because the server does not answer asks again after this time. Milliseconds. */
const RECOVERY_INTERVAL = 3000

/** True if a retry cannot succeed. A session that cannot be refreshed now may be refreshed later. */
const isPermanent = (error: unknown): boolean =>
  isTokenError(error)
    ? !['unreachable', 'throttled'].includes(error.code)
    : isApiError(error) && error.status >= 400 && error.status < 500 && error.status !== 429

/** How often a query asks again by itself: `usual`, or soon if the server did not answer. Milliseconds. */
export const refetchEvery =
  (usual: number | false) =>
  ({ state }: { readonly state: { readonly error: Error | null } }): number | false =>
    state.error !== null && !isPermanent(state.error) ? RECOVERY_INTERVAL : usual

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      refetchInterval: refetchEvery(false),
      retry: (failures, error) => failures < 2 && !isPermanent(error),
    },
  },
})
