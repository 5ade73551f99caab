import { isTokenError, type TokenErrorCode } from '@tokenkeep/core'

/** Why, in Passage's numbers and words where it had some, else in those of HTTP. */
const statuses: Record<TokenErrorCode, readonly [number, string, string]> = {
  'sign-in-required': [704, 'PSGLoginRequired', 'Login required'],
  'session-changed': [704, 'PSGLoginRequired', 'Another user has signed in'],
  unreachable: [503, 'Unreachable', 'The session server cannot be reached'],
  throttled: [429, 'TooManyRequests', 'The session server asks for patience'],
  misconfigured: [502, 'Misconfigured', 'No session server answers at that address'],
  storage: [500, 'Storage', 'The session cannot be read or written here'],
  aborted: [499, 'Aborted', 'The call was given up'],
  disposed: [500, 'Disposed', 'The session is not kept any more'],
}

/** What Passage's clients reject with. 704: somebody has to sign in; anything else passes by itself or is a mistake. */
export class PassageError extends Error {
  override readonly name = 'PassageError'
  readonly statusCode: number
  readonly statusText: string
  /** In this library's terms: see `TokenErrorCode`. */
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

/** The words Passage used, so that code that looks for them finds them. */
export const nobody = (): PassageError =>
  new PassageError(704, 'PSGLoginRequired', 'No Passage authToken found', { code: 'sign-in-required' })

/** For a `.catch`: a `TokenError` in Passage's terms, and whatever else it was. */
export function rethrow(error: unknown): never {
  if (!isTokenError(error)) throw error
  const [statusCode, statusText, message] = statuses[error.code]
  throw new PassageError(statusCode, statusText, message, { code: error.code, cause: error })
}
