import type { ErrorCode } from '@tokenkeep/protocol'

/**
 * What keeps a call of the management API from what it asked for: the session server's own code, or
 * - `unreachable`: no answer came in time, after all tries.
 * - `unexpected_answer`: what answers at that address does not speak this protocol.
 */
export type ManagementErrorCode = ErrorCode | 'unreachable' | 'unexpected_answer'

interface Details {
  readonly status?: number | undefined
  readonly retryAt?: number | undefined
  readonly cause?: unknown
}

/** Never carries the API key or a token. */
export class ManagementError extends Error {
  override readonly name = 'ManagementError'
  readonly code: ManagementErrorCode
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined
  /** When the server asked to come again, where it did. Milliseconds since the epoch. */
  readonly retryAt: number | undefined

  constructor(code: ManagementErrorCode, message: string, { status, retryAt, cause }: Details = {}) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.retryAt = retryAt
  }
}

/** True for a `ManagementError` of any copy of this library. */
export const isManagementError = (error: unknown): error is ManagementError =>
  error instanceof Error && error.name === 'ManagementError' && 'code' in error
