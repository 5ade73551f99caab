import { z } from 'zod'

export const errorCode = z.enum([
  'invalid_request',
  'invalid_refresh_token',
  'invalid_access_token',
  'webauthn_login_failed',
  'user_not_active',
  'operation_not_allowed',
  'origin_not_allowed',
  'app_not_found',
  'user_not_found',
  'not_found',
  'user_has_no_passkeys',
  'conflict',
  'payload_too_large',
  'rate_limited',
  'internal_server_error',
  'unavailable',
])
export type ErrorCode = z.infer<typeof errorCode>

/** Why a session ended, where a refresh is refused for a token that is ours. */
export const endReason = z.enum(['revoked', 'expired', 'inactive', 'reused'])
export type EndReason = z.infer<typeof endReason>

export const errorBody = z.object({ code: errorCode, error: z.string(), reason: endReason.optional() })
export type ErrorBody = z.infer<typeof errorBody>
