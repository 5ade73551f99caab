/**
 * Why a sign-in failed.
 * - `denied`: the user, or the provider's rules, refused. `cause` has the provider's words.
 * - `sign-in-lost`: this browser no longer knows of the sign-in, or the provider no longer accepts its code.
 * - `untrusted`: the answer fails a check. `claim` names the claim or parameter, if it was one.
 * - `popup-blocked`: the browser did not open the popup.
 * - `popup-closed`: the popup was closed before the sign-in was over.
 * - `redirect-loop`: three sign-ins that a guard began within a minute brought no session.
 * - `unreachable`: the provider did not answer.
 * - `misconfigured`: a setting of the app or of the provider is wrong. `cause` says which.
 * - `storage`: the browser denies storage, so the sign-in could not be completed.
 */
export type SignInErrorCode =
  | 'denied'
  | 'sign-in-lost'
  | 'untrusted'
  | 'popup-blocked'
  | 'popup-closed'
  | 'redirect-loop'
  | 'unreachable'
  | 'misconfigured'
  | 'storage'

/** What went wrong, and the way out. */
const sentences: Record<SignInErrorCode, string> = {
  denied: 'The provider refused the sign-in: show the sign-in page.',
  'sign-in-lost': 'This browser does not know this sign-in any more: offer to sign in again.',
  untrusted: 'The answer of the provider fails a check: sign in again, and report it if it happens again.',
  'popup-blocked': 'The browser blocks the popup: open it in the handler of a click, or sign in by redirect.',
  'popup-closed': 'The popup was closed: offer to sign in again.',
  'redirect-loop': 'Three sign-ins brought no session: show the error, and let the user start again.',
  unreachable: 'The provider did not answer: try again.',
  misconfigured: 'The app or the provider is set up wrong: read the cause.',
  storage: 'The browser denies storage: allow it for this site.',
}

export interface SignInErrorDetails {
  /** The page that the user wanted: path, query and fragment. */
  readonly returnTo?: string | undefined
  /** For `untrusted`: the claim or parameter that failed, such as `nonce`. */
  readonly claim?: string | undefined
  readonly cause?: unknown
}

/**
 * The error that the functions of `oidc()` reject with. It carries no token, no code and no address with one.
 *
 * @example
 * ```ts
 * import { SignInError } from '@tokenkeep/oidc'
 *
 * const error = new SignInError('denied', { returnTo: '/orders' })
 * console.log(error.code, error.returnTo)
 * ```
 */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code: SignInErrorCode
  readonly returnTo: string | undefined
  readonly claim: string | undefined

  constructor(code: SignInErrorCode, { returnTo, claim, cause }: SignInErrorDetails = {}) {
    super(sentences[code], cause === undefined ? undefined : { cause })
    this.code = code
    this.returnTo = returnTo
    this.claim = claim
  }
}

/**
 * Tells whether an error is a `SignInError`, also if another copy of this library created it.
 *
 * @example
 * ```ts
 * import { isSignInError } from '@tokenkeep/oidc'
 *
 * console.log(isSignInError(new Error('other'))) // false
 * ```
 */
export const isSignInError = (error: unknown): error is SignInError =>
  error instanceof Error && error.name === 'SignInError'

/** Returns the error with the page that the user wanted. Any error but ours is returned as it is. */
export const withReturnTo = (error: unknown, returnTo: string): unknown => {
  if (!isSignInError(error)) return error
  const { code, claim, cause } = error
  return new SignInError(code, { returnTo, claim, cause })
}
