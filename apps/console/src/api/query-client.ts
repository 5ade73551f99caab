import { QueryClient } from '@tanstack/react-query'
import { isTokenError } from '@tokenkeep/react'
import { isApiError } from './client.ts'

/** What no second try will change. */
const final = (error: unknown): boolean =>
  isTokenError(error) || (isApiError(error) && error.status >= 400 && error.status < 500)

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) => failures < 2 && !final(error),
    },
  },
})
