import { z } from 'zod'

/** What a sign-in and a refresh return. Lifetimes are seconds; times are Unix seconds, by the server's clock. */
export const authResult = z.object({
  auth_token: z.string(),
  /** Seconds until the token's `exp`, to the millisecond: `exp` alone does not tell what the server's clock says. */
  auth_token_expires_in: z.number().positive(),
  redirect_url: z.string(),
  /** Only where refresh tokens are on. */
  refresh_token: z.string().optional(),
  /** When the refresh token stops working, used or not: the earlier of the two deadlines below. */
  refresh_token_expiration: z.number().optional(),
  absolute_expiration: z.number().optional(),
  inactivity_expiration: z.number().optional(),
})
export type AuthResult = z.infer<typeof authResult>

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
  'internal_server_error',
  'unavailable',
])
export type ErrorCode = z.infer<typeof errorCode>

/** Why a session ended, where a refresh is refused for a token that is ours. */
export const endReason = z.enum(['revoked', 'expired', 'inactive', 'reused'])
export type EndReason = z.infer<typeof endReason>

export const errorBody = z.object({ code: errorCode, error: z.string(), reason: endReason.optional() })
export type ErrorBody = z.infer<typeof errorBody>

export const refreshRequest = z.object({
  refresh_token: z.string(),
  /** `background`: nobody asked for this refresh, so it does not move the inactivity deadline. */
  activity: z.enum(['user', 'background']).default('user'),
})
export const signOutRequest = z.object({ refresh_token: z.string() })

export const identifierRequest = z.object({ identifier: z.string().trim().min(1).max(254) })
/** One page of a list, from query parameters. Pages count from 1. */
export const pageRequest = z.object({
  identifier: z.string().optional(),
  page: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export const handshakeFinish = z.object({
  handshake_id: z.string(),
  handshake_response: z.looseObject({ id: z.string() }),
  user_id: z.string().optional(),
})

/** Session management. All lifetimes are seconds; 0 means no limit. */
export const settings = z.object({
  refresh_enabled: z.boolean().default(false),
  session_timeout_length: z.int().min(5).max(86_400).default(300),
  refresh_absolute_lifetime: z.int().min(0).max(34_560_000).default(2_592_000),
  refresh_inactivity_lifetime: z.int().min(0).max(34_560_000).default(604_800),
})
export type Settings = z.infer<typeof settings>
/** Every field optional, and no default: what is not named stays as it is. */
export const settingsChange = z.object({
  refresh_enabled: z.boolean().optional(),
  session_timeout_length: z.int().min(5).max(86_400).optional(),
  refresh_absolute_lifetime: z.int().min(0).max(34_560_000).optional(),
  refresh_inactivity_lifetime: z.int().min(0).max(34_560_000).optional(),
})

/** What is wrong with a combination of settings; undefined where nothing is. */
export function settingsFault(value: Settings): string | undefined {
  if (!value.refresh_enabled) return undefined
  if (value.session_timeout_length > 600)
    return 'with refresh tokens on, an auth token lives 5 to 600 seconds'
  if (!value.refresh_absolute_lifetime && !value.refresh_inactivity_lifetime)
    return 'with refresh tokens on, an absolute or an inactivity limit is needed'
  return undefined
}
