import { z } from 'zod'

/**
 * What a sign-in and a refresh return. A client needs nothing more: it reads no claims, and it counts lifetimes from
 * the receipt, so that no clock has to be right.
 * Written out, for inferred it would carry zod's declarations into those of the clients.
 */
export interface AuthResult {
  readonly auth_token: string
  /** Seconds until the token's `exp`, to the millisecond. */
  readonly auth_token_expires_in: number
  readonly session_id: string
  readonly user_id: string
  readonly redirect_url: string
  /** Only where refresh tokens are on. */
  readonly refresh_token?: string | undefined
  /** Unix seconds, by the server's clock: when the refresh token stops working unless it is used before. */
  readonly refresh_token_expiration?: number | undefined
  /** Seconds until the session ends whatever happens; absent where nothing ends it. */
  readonly absolute_expires_in?: number | undefined
  /** Seconds until the session ends unless it is used before. */
  readonly inactivity_expires_in?: number | undefined
}
export const authResult = z.object({
  auth_token: z.string(),
  auth_token_expires_in: z.number().positive(),
  session_id: z.string(),
  user_id: z.string(),
  redirect_url: z.string(),
  refresh_token: z.string().optional(),
  refresh_token_expiration: z.number().optional(),
  absolute_expires_in: z.number().optional(),
  inactivity_expires_in: z.number().optional(),
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
