import { english, isPasskeyError } from '@tokenkeep/elements'
import { isTokenError } from '@tokenkeep/react'
import { t } from '../texts/index.ts'
import { isApiError } from './api-error.ts'

/** Returns a message for the admin about a failed request. */
export function errorMessage(error: unknown): string {
  if (isTokenError(error))
    return error.code === 'sign-in-required' ? t.errors.signedOut : t.errors.unreachable
  if (isPasskeyError(error)) return english.errors[error.code]
  if (!isApiError(error)) return t.errors.unexpected
  if (error.status === 0 || error.status >= 500) return t.errors.unreachable
  if (error.code === 'insufficient_user_authentication') return t.errors.notConfirmed
  if (error.status === 401 || error.status === 403) return t.errors.forbidden
  if (error.status === 429) return t.errors.throttled
  if (error.status === 404) return t.errors.missing
  // The server's message names the invalid value, with the name that the page uses.
  return t.errors.refused(error.message)
}
