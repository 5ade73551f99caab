import type { EndReason, ErrorBody, ErrorCode } from '@tokenkeep/protocol'

/** An answer that is an error: turned into a body in one place, and never carries a secret or a stack. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly body: ErrorBody

  constructor(status: number, code: ErrorCode, message: string, reason?: EndReason) {
    super(message)
    this.status = status
    this.body = { code, error: message, ...(reason && { reason }) }
  }
}
