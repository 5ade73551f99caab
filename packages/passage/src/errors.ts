import { isTokenError, type TokenErrorCode } from '@tokenkeep/core'

/** The status code, status text and message of each code: Passage's own if it has them, or else those of HTTP. */
const descriptions: Record<TokenErrorCode, readonly [number, string, string]> = {
  'sign-in-required': [704, 'PSGLoginRequired', 'Login required'],
  'session-changed': [704, 'PSGLoginRequired', 'Another user signed in: start again.'],
  unreachable: [503, 'Unreachable', 'The session server did not answer: try again.'],
  throttled: [429, 'TooManyRequests', 'The session server asks this client to wait: try again later.'],
  misconfigured: [502, 'Misconfigured', 'No session server answers at this address: check url and appId.'],
  storage: [500, 'Storage', 'The session cannot be read or written: free space, or allow storage.'],
  aborted: [499, 'Aborted', 'The call was aborted.'],
  disposed: [500, 'Disposed', 'The session was disposed: reload the page.'],
}

/**
 * What the functions of this package reject with. `statusCode` 704 means that the user must sign in. All other failures
 * are temporary, or caused by a mistake in the app.
 *
 * @example
 * ```ts
 * import { PassageError, PassageUser } from '@tokenkeep/passage'
 *
 * const token = await new PassageUser().getAuthToken().catch((error) => {
 *   if (error instanceof PassageError && error.statusCode === 704) location.assign('/sign-in')
 *   throw error
 * })
 * ```
 */
export class PassageError extends Error {
  override readonly name = 'PassageError'
  /** A status code of Passage, such as 704, or of HTTP. */
  readonly statusCode: number
  readonly statusText: string
  /** The error code of `@tokenkeep/core`. Undefined if the user could not be fetched. */
  readonly code: TokenErrorCode | undefined

  constructor(
    statusCode: number,
    statusText: string,
    message: string,
    { code, cause }: { readonly code?: TokenErrorCode; readonly cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.statusCode = statusCode
    this.statusText = statusText
    this.code = code
  }
}

/** Returns the error for "nobody is signed in". Its text is Passage's, because existing code may compare it. */
export const loginRequired = (): PassageError =>
  new PassageError(704, 'PSGLoginRequired', 'No Passage authToken found', { code: 'sign-in-required' })

/** For `.catch()`: throws a `TokenError` as a `PassageError`, and any other error as it is. */
export function throwAsPassageError(error: unknown): never {
  if (!isTokenError(error)) throw error
  const { code } = error
  const [statusCode, statusText, message] = descriptions[code]
  // Passage's own message stays exactly as it was, because existing code may compare it.
  const link = code === 'sign-in-required' ? '' : ` https://tokenkeep.dev/errors/#${code}`
  throw new PassageError(statusCode, statusText, message + link, { code, cause: error })
}
