import { z } from 'zod'

/**
 * What a sign-in and a refresh return. Lifetimes are seconds; times are Unix seconds, by the server's clock.
 * Written out, for inferred it would carry zod's declarations into those of the clients.
 */
export interface AuthResult {
  readonly auth_token: string
  /** Seconds until the token's `exp`, to the millisecond: `exp` alone does not tell what the server's clock says. */
  readonly auth_token_expires_in: number
  readonly redirect_url: string
  /** Only where refresh tokens are on. */
  readonly refresh_token?: string | undefined
  /** When the refresh token stops working, used or not: the earlier of the two deadlines below. */
  readonly refresh_token_expiration?: number | undefined
  readonly absolute_expiration?: number | undefined
  readonly inactivity_expiration?: number | undefined
}
export const authResult = z.object({
  auth_token: z.string(),
  auth_token_expires_in: z.number().positive(),
  redirect_url: z.string(),
  refresh_token: z.string().optional(),
  refresh_token_expiration: z.number().optional(),
  absolute_expiration: z.number().optional(),
  inactivity_expiration: z.number().optional(),
}) satisfies z.ZodType<AuthResult>

/** What an auth token says (RFC 7519). Times are Unix seconds. */
export interface AuthTokenClaims {
  readonly iss: string
  readonly sub: string
  /** The session. */
  readonly sid: string
  readonly aud: readonly string[]
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  readonly jti: string
  /** When the person signed in: a refresh never moves it. */
  readonly auth_time: number
  /** The user's epoch that the session belongs to: a token of an earlier one is over. */
  readonly epoch: number
}

/** `background`: nobody asked for this refresh, so it does not move the inactivity deadline. */
const activity = z.enum(['user', 'background']).default('user')
export const refreshRequest = z.object({ refresh_token: z.string(), activity })
export const signOutRequest = z.object({ refresh_token: z.string() })

/** In cookie mode (`Tokenkeep-Session: cookie`) the refresh token is in no body. */
export const cookieRefreshRequest = z.object({ activity })
/** `session_id`: end this one only. A late sign-out then spares whoever has signed in since. */
export const cookieSignOutRequest = z.object({ session_id: z.string().optional() })

export const identifier = z.string().trim().min(1).max(254)
export const signUpRequest = z.object({
  identifier,
  /** A one-time secret, for an app without public sign-up. */
  invitation: z.string().max(200).optional(),
})
export const signInRequest = z.object({ identifier: identifier.optional() })
export const handshakeFinish = z.object({
  handshake_id: z.string(),
  handshake_response: z.looseObject({ id: z.string() }),
  user_id: z.string().optional(),
})
