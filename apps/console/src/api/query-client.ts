import { QueryClient } from '@tanstack/react-query'
import { isTokenError } from '@tokenkeep/react'
import { isApiError } from './client.ts'

/** True if a retry cannot succeed. */
const isPermanent = (error: unknown): boolean =>
  isTokenError(error) || (isApiError(error) && error.status >= 400 && error.status < 500)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) => failures < 2 && !isPermanent(error),
    },
  },
})
