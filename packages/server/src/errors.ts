import type { EndReason, ErrorCode, OAuthErrorCode } from '@tokenkeep/protocol'

/** The HTTP status of each error code. */
export const STATUS_BY_CODE: Readonly<Record<ErrorCode | OAuthErrorCode, number>> = {
  invalid_request: 400,
  invalid_refresh_token: 401,
  invalid_access_token: 401,
  insufficient_user_authentication: 401,
  webauthn_login_failed: 401,
  user_not_active: 403,
  operation_not_allowed: 403,
  origin_not_allowed: 403,
  app_not_found: 404,
  user_not_found: 404,
  device_not_found: 404,
  not_found: 404,
  user_has_no_passkeys: 409,
  conflict: 409,
  superseded: 409,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  payload_too_large: 413,
  rate_limited: 429,
  internal_server_error: 500,
  unavailable: 503,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  server_error: 500,
  temporarily_unavailable: 503,
}

interface Details {
  readonly reason?: EndReason | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** The error that a request fails with. `http/error-response.ts` turns it into a response. Its message never contains a secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode | OAuthErrorCode
  /** The HTTP status of the code. */
  readonly status: number
  readonly reason: EndReason | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode | OAuthErrorCode, message: string, details: Details = {}) {
    super(message)
    this.code = code
    this.status = STATUS_BY_CODE[code]
    this.reason = details.reason
    this.headers = details.headers ?? {}
  }
}
