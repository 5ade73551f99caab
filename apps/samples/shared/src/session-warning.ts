import { isTokenError } from '@tokenkeep/core'

/** How long before its end the samples warn that a session ends. Seconds. */
export const WARN_SECONDS = 60

/** Explains to the user why the session could not be kept or ended. */
export const explainStay = (error: unknown): string =>
  isTokenError(error) && error.code === 'sign-in-required'
    ? 'The session has ended. Please sign in again.'
    : isTokenError(error) && error.code === 'storage'
      ? 'This browser could not store it. Please try again.'
      : 'The server could not be reached. Please try again.'
