import type { ErrorCode } from '@tokenkeep/protocol'

/**
 * Why a call of the management API failed: the code of the session server, or
 * - `unreachable`: no response arrived in time, after all tries.
 * - `unexpected_answer`: the response did not come from a session server.
 */
export type ManagementErrorCode = ErrorCode | 'unreachable' | 'unexpected_answer'

interface Details {
  readonly status?: number | undefined
  /** Milliseconds since the Unix epoch. */
  readonly retryAt?: number | undefined
  readonly cause?: unknown
}

/**
 * What `users` and `settings` reject with, and the `cause` of a feed that is down. Its message ends with a link to the
 * error's documentation. It never carries the API key or a token.
 *
 * @example
 * ```ts
 * import { ManagementError } from '@tokenkeep/backend'
 *
 * const error = new ManagementError('conflict', 'this user exists already', { status: 409 })
 * console.log(error.code, error.status, error.message)
 * ```
 */
export class ManagementError extends Error {
  override readonly name = 'ManagementError'
  readonly code: ManagementErrorCode
  /** The HTTP status. Undefined if there was no response. */
  readonly status: number | undefined
  /** When to try again, if the server said so. Milliseconds since the Unix epoch. */
  readonly retryAt: number | undefined

  constructor(code: ManagementErrorCode, message: string, { status, retryAt, cause }: Details = {}) {
    const sentence = message.replace(/[^.!?]$/, '$&.')
    super(`${sentence} https://tokenkeep.dev/errors/#${code}`, { cause })
    this.code = code
    this.status = status
    this.retryAt = retryAt
  }
}

/**
 * Tells whether an error is a `ManagementError`, of any copy of this library: bundles do not share classes.
 *
 * @example
 * ```ts
 * import { isManagementError } from '@tokenkeep/backend'
 *
 * const isTaken = (error: unknown) => isManagementError(error) && error.code === 'conflict'
 * ```
 */
export const isManagementError = (error: unknown): error is ManagementError =>
  error instanceof Error && error.name === 'ManagementError' && 'code' in error
