import { isTokenError, type TokenSource } from '@tokenkeep/core'
import { callAs, type CallOptions, type Method } from './http.ts'
import { isPasskeyError, PasskeyError } from './passkey-error.ts'

/** Sends a request about the account of the user who is signed in. The path is below `currentuser/`. */
export type AccountCall = <T>(method: Method, path: string, body?: object) => Promise<T>

/** Returns a function that sends requests in the name of the manager's user. `base`: the URL of the app. */
export const createAccountCall =
  (base: string, auth: TokenSource, options: CallOptions): AccountCall =>
  (method, path, body) =>
    callAs(auth, { method, url: `${base}currentuser/${path}`, body }, options)

/** Maps the error of a token manager, and those of the server that mean something else at a sign-up. */
export function toAccountError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return new PasskeyError('cancelled', { cause: error })
  if (isTokenError(error) && ['sign-in-required', 'session-changed'].includes(error.code))
    return new PasskeyError('signed-out', { cause: error })
  if (isTokenError(error) && error.code === 'unreachable')
    return new PasskeyError('unreachable', { cause: error })
  // The app has no refresh tokens, or the server is an older one. Only the page's author can help.
  if (isPasskeyError(error) && ['closed', 'invalid-identifier'].includes(error.code))
    return new PasskeyError('failed', { cause: error.cause })
  return error
}
