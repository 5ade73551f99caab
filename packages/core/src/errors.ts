import { DEVELOPMENT } from './development.ts'
import type { SignedOutReason } from './machine/session.ts'

/**
 * Why a caller got no token.
 * - `sign-in-required`: nobody is signed in, or the session cannot be refreshed; `reason` says why.
 * - `session-changed`: another user signed in during the call.
 * - `unreachable`: the server did not answer, or answered with a server error. The session is untouched.
 * - `throttled`: the server asks to wait until `retryAt`.
 * - `misconfigured`: a mistake of the app: the address or the client id is wrong, or its own function failed. Or a proxy
 *   answers for the server. `cause` says which.
 * - `storage`: the session could not be read or written.
 * - `aborted`: the caller's signal was aborted.
 * - `disposed`: the manager was disposed.
 */
export type TokenErrorCode =
  | 'sign-in-required'
  | 'session-changed'
  | 'unreachable'
  | 'throttled'
  | 'misconfigured'
  | 'storage'
  | 'aborted'
  | 'disposed'

/** What went wrong, and the way out. */
const sentences: Record<TokenErrorCode, string> = {
  'sign-in-required': 'Nobody is signed in: show the sign-in page.',
  'session-changed': 'Another user signed in during this call: start again.',
  unreachable: 'The server did not answer: try again.',
  throttled: 'The server asks to wait: try again after retryAt.',
  misconfigured: 'The app is set up wrong: read the cause, and check the address and the client id.',
  storage: 'The storage failed: free some space, allow storage for this site, or try again.',
  aborted: 'The signal of this call was aborted.',
  disposed: 'The manager was disposed: create another.',
}

export interface TokenErrorDetails {
  /** Milliseconds since the Unix epoch. */
  readonly retryAt?: number | undefined
  readonly reason?: SignedOutReason | undefined
  readonly cause?: unknown
}

/**
 * The error that `getAuthToken()`, `signIn()` and `signOut()` reject with. Its message carries no token. Neither does
 * its cause, unless a function of your own threw an error that does. The message is a link to the error's documentation.
 * Under the export condition `development`, which bundlers set while you develop, the message begins with a sentence that
 * says the way out.
 *
 * @example
 * ```ts
 * import { TokenError } from '@tokenkeep/core'
 *
 * const error = new TokenError('throttled', { retryAt: Date.now() + 30_000 })
 * console.log(error.code, error.retryAt)
 * ```
 */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  /** For `throttled`: when to try again. Milliseconds since the Unix epoch. */
  declare readonly retryAt: number | undefined
  /** For `sign-in-required`: why nobody is signed in. */
  declare readonly reason: SignedOutReason | undefined
  declare readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, details?: TokenErrorDetails) {
    super(`${DEVELOPMENT ? `${sentences[code]} ` : ''}https://tokenkeep.dev/errors/#${code}`, details)
    Object.assign(this, details, { code })
  }
}

/**
 * Tells whether an error is a `TokenError`. It also accepts the `TokenError` of another copy of this library, because
 * bundles and realms do not share classes.
 *
 * @example
 * ```ts
 * import { isTokenError } from '@tokenkeep/core'
 *
 * const needsSignIn = (error: unknown) => isTokenError(error) && error.code === 'sign-in-required'
 * ```
 */
export const isTokenError = (error: unknown): error is TokenError =>
  error instanceof Error && error.name === 'TokenError' && 'code' in error
