import { isTokenError } from '@tokenkeep/react'
import { t } from '../texts/index.ts'
import { isApiError } from './client.ts'

/** What went wrong, in words for the person at the keyboard. */
export function explain(error: unknown): string {
  if (isTokenError(error))
    return error.code === 'sign-in-required' ? t.errors.signedOut : t.errors.unreachable
  if (!isApiError(error)) return t.errors.unexpected
  if (error.status === 0 || error.status >= 500) return t.errors.unreachable
  if (error.status === 401 || error.status === 403) return t.errors.forbidden
  if (error.status === 429) return t.errors.throttled
  if (error.status === 404) return t.errors.missing
  // Its own words: the page and the API speak of a value alike.
  return t.errors.refused(error.message)
}
