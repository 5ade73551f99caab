import type { EndReason, ErrorCode, OAuthErrorCode } from '@tokenkeep/protocol'

interface Details {
  readonly reason?: EndReason | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that is an error: turned into a body in one place, and never carries a secret or a stack. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly code: ErrorCode | OAuthErrorCode
  readonly reason: EndReason | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: ErrorCode | OAuthErrorCode, message: string, details: Details = {}) {
    super(message)
    this.status = status
    this.code = code
    this.reason = details.reason
    this.headers = details.headers ?? {}
  }
}
