import { isPasskeyError, type PasskeyErrorCode } from '@tokenkeep/elements'
import { loginRequired, PassageError } from './errors.ts'

/** The statuses of the server's refusals. Any other failure is one of the browser or the person: 702, as in Passage. */
const STATUSES: Partial<Readonly<Record<PasskeyErrorCode, number>>> = {
  'invalid-identifier': 400,
  rejected: 401,
  inactive: 403,
  closed: 403,
  'wrong-address': 403,
  'unknown-user': 404,
  'no-passkey': 409,
  taken: 409,
  'only-passkey': 409,
  'sign-in-too-old': 401,
  throttled: 429,
  unreachable: 503,
}

/** For `.catch()`: throws a `PasskeyError` as a `PassageError`, and any other error as it is. */
export function throwPasskeyFailure(error: unknown): never {
  if (!isPasskeyError(error)) throw error
  if (error.code === 'signed-out') throw loginRequired()
  const status = STATUSES[error.code]
  throw new PassageError(
    status ?? 702,
    status ? error.code : 'PSGParsePublicKeyForLoginFailed',
    error.message,
    {
      cause: error,
    },
  )
}
