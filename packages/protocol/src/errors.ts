import { z } from 'zod'

/**
 * The error codes of the session server, except those of the OAuth dialect.
 *
 * @example
 * ```ts
 * import { errorCode } from '@tokenkeep/protocol'
 *
 * const isRateLimited = (code: unknown) => errorCode.parse(code) === 'rate_limited'
 * ```
 */
export const errorCode = z.enum([
  'invalid_request',
  'invalid_refresh_token',
  'invalid_access_token',
  'insufficient_user_authentication',
  'webauthn_login_failed',
  'user_not_active',
  'operation_not_allowed',
  'origin_not_allowed',
  'app_not_found',
  'user_not_found',
  'device_not_found',
  'not_found',
  'user_has_no_passkeys',
  'conflict',
  'superseded',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'payload_too_large',
  'rate_limited',
  'internal_server_error',
  'unavailable',
])
/** An error code of the session server. */
export type ErrorCode = z.infer<typeof errorCode>

/**
 * Why a session ended. The server sends it with `invalid_refresh_token` if it issued the refused token.
 *
 * @example
 * ```ts
 * import { endReason } from '@tokenkeep/protocol'
 *
 * const reason = endReason.parse('expired')
 * ```
 */
export const endReason = z.enum(['revoked', 'expired', 'inactive', 'reused'])
/** Why a session ended. */
export type EndReason = z.infer<typeof endReason>

/**
 * The body of an error. `error` is for people, `code` is for programs.
 *
 * @example
 * ```ts
 * import { errorBody } from '@tokenkeep/protocol'
 *
 * const { code } = errorBody.parse({ code: 'not_found', error: 'there is no such passkey' })
 * ```
 */
export const errorBody = z.object({ code: errorCode, error: z.string(), reason: endReason.optional() })
/** The body of an error. */
export type ErrorBody = z.infer<typeof errorBody>
