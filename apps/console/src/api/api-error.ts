import type { ErrorCode } from '@tokenkeep/protocol'

/** An error response of the server with its message, or the code `unreachable` if there was no response. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: ErrorCode | 'unreachable'

  constructor(status: number, code: ErrorCode | 'unreachable', message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.code = code
  }
}

export const isApiError = (error: unknown, code?: ApiError['code']): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code)
