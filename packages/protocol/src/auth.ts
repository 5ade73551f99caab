import { z } from 'zod'
import { identifier } from './identifiers.ts'

/**
 * A token response: what a sign-in and a refresh return. A client needs nothing else. It reads no claims, and it counts
 * lifetimes from the receipt, so its clock can be wrong.
 * The interface is written out. If it were inferred from the schema, the types of the clients would depend on zod.
 */
export interface AuthResult {
  readonly auth_token: string
  /** Seconds until the token's `exp`, with milliseconds as decimals. */
  readonly auth_token_expires_in: number
  readonly session_id: string
  readonly user_id: string
  readonly redirect_url: string
  /** `DPoP`: the tokens are bound to the key of the client (RFC 9449 section 5). Absent if they are not. */
  readonly token_type?: 'DPoP' | undefined
  /** Present if refresh tokens are on. */
  readonly refresh_token?: string | undefined
  /**
   * When the refresh token expires for good: the absolute deadline of the session, or, if the app has none, the end by
   * inactivity. Unix seconds of the server's clock.
   */
  readonly refresh_token_expiration?: number | undefined
  /** Seconds until the absolute deadline of the session. Absent if there is none. */
  readonly absolute_expires_in?: number | undefined
  /** Seconds until the session ends for inactivity. Absent if there is no such limit. */
  readonly inactivity_expires_in?: number | undefined
}

/**
 * The schema of {@link AuthResult}.
 *
 * @example
 * ```ts
 * import { authResult } from '@tokenkeep/protocol'
 *
 * const read = (body: unknown) => authResult.parse(body).auth_token
 * ```
 */
export const authResult = z.object({
  auth_token: z.string(),
  auth_token_expires_in: z.number().positive(),
  session_id: z.string(),
  user_id: z.string(),
  redirect_url: z.string(),
  token_type: z.literal('DPoP').optional(),
  refresh_token: z.string().optional(),
  refresh_token_expiration: z.number().optional(),
  absolute_expires_in: z.number().optional(),
  inactivity_expires_in: z.number().optional(),
}) satisfies z.ZodType<AuthResult>

/** The claims of an auth token (RFC 7519). Times are in Unix seconds. */
export interface AuthTokenClaims {
  readonly iss: string
  readonly sub: string
  /** The id of the session. */
  readonly sid: string
  readonly aud: readonly string[]
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  readonly jti: string
  /** When the user last authenticated: at the sign-in, or in the session since. A refresh does not change it. */
  readonly auth_time: number
  /** How (RFC 8176). Absent if it is unknown, as after a sign-up. */
  readonly amr?: readonly string[] | undefined
  /** The class of that authentication (OpenID Connect Core section 2). `phr`: phishing-resistant, by a passkey. Absent if unknown. */
  readonly acr?: string | undefined
  /** The user's epoch at sign-in. A token of an earlier epoch is revoked. */
  readonly epoch: number
  /** Present if the token is bound: the thumbprint of the client's key (RFC 9449 section 6.1, RFC 7638). */
  readonly cnf?: { readonly jkt: string } | undefined
}

/** `background`: no user caused this refresh, so it does not move the inactivity deadline. */
const activity = z.enum(['user', 'background']).default('user')

/**
 * The body of a refresh. `activity`: `user` (default), or `background` for a refresh that no user caused: it does not
 * move the inactivity deadline.
 *
 * @example
 * ```ts
 * import { refreshRequest } from '@tokenkeep/protocol'
 *
 * const body = refreshRequest.parse({ refresh_token: 'rt1.…', activity: 'background' })
 * ```
 */
export const refreshRequest = z.object({ refresh_token: z.string(), activity })

/** `displaced`: another client has refreshed the session of this one, so its tokens are stolen. */
const reason = z.literal('displaced').optional().catch(undefined)

/**
 * The body of a sign-out.
 *
 * @example
 * ```ts
 * import { signOutRequest } from '@tokenkeep/protocol'
 *
 * const body = signOutRequest.parse({ refresh_token: 'rt1.…' })
 * ```
 */
export const signOutRequest = z.object({ refresh_token: z.string(), reason })

/**
 * The body of a refresh in cookie mode (`Tokenkeep-Session: cookie`). The refresh token is in the cookie.
 *
 * @example
 * ```ts
 * import { cookieRefreshRequest } from '@tokenkeep/protocol'
 *
 * const { activity } = cookieRefreshRequest.parse({})
 * ```
 */
export const cookieRefreshRequest = z.object({ activity })

/**
 * The body of a sign-out in cookie mode. With `session_id`, only that session ends. So a late sign-out does not end the
 * session of somebody who has signed in since.
 *
 * @example
 * ```ts
 * import { cookieSignOutRequest } from '@tokenkeep/protocol'
 *
 * const body = cookieSignOutRequest.parse({ session_id: 'n2c…' })
 * ```
 */
export const cookieSignOutRequest = z.object({ session_id: z.string().optional(), reason })

/** Which authenticators may make the passkey: those of the device, others such as security keys, or any. Default: any. */
const attachment = z.enum(['platform', 'cross-platform', 'any']).optional()

/**
 * The body that starts a sign-up with a passkey.
 *
 * @example
 * ```ts
 * import { signUpRequest } from '@tokenkeep/protocol'
 *
 * const body = signUpRequest.parse({ identifier: 'ada@example.com' })
 * ```
 */
export const signUpRequest = z.object({
  /** Not needed with an invitation that names its user. */
  identifier: identifier.optional(),
  /** The one-time secret that an app without public sign-up requires. */
  invitation: z.string().max(200).optional(),
  authenticator_attachment: attachment,
})
/** The body that starts a sign-up with a passkey. */
export type SignUpRequest = z.infer<typeof signUpRequest>

/**
 * The body that starts a sign-in with a passkey. Without `identifier` the browser offers every passkey of the site.
 *
 * @example
 * ```ts
 * import { signInRequest } from '@tokenkeep/protocol'
 *
 * const body = signInRequest.parse({ identifier: 'ada@example.com' })
 * ```
 */
export const signInRequest = z.object({ identifier: identifier.optional() })

/**
 * The body that finishes a sign-up or a sign-in: the handshake's id and the browser's response (WebAuthn, as JSON).
 *
 * @example
 * ```ts
 * import { handshakeFinish } from '@tokenkeep/protocol'
 *
 * const body = handshakeFinish.parse({ handshake_id: 'n2c…', handshake_response: { id: 'AQ' } })
 * ```
 */
export const handshakeFinish = z.object({
  handshake_id: z.string(),
  handshake_response: z.looseObject({ id: z.string() }),
  user_id: z.string().optional(),
})

/**
 * The body that starts the addition of a passkey by a user who is signed in.
 *
 * @example
 * ```ts
 * import { passkeyAddition } from '@tokenkeep/protocol'
 *
 * const body = passkeyAddition.parse({ authenticator_attachment: 'platform' })
 * ```
 */
export const passkeyAddition = z.object({ authenticator_attachment: attachment })

/**
 * The body that finishes the addition of a passkey by a user who is signed in. The content is that of `handshakeFinish`.
 *
 * @example
 * ```ts
 * import { passkeyCreation } from '@tokenkeep/protocol'
 *
 * const body = passkeyCreation.parse({ handshake_id: 'hs1.…', handshake_response: { id: 'AQ' } })
 * ```
 */
export const passkeyCreation = handshakeFinish.omit({ user_id: true })

/**
 * The body that finishes a re-authentication. The content is that of `passkeyCreation`.
 *
 * @example
 * ```ts
 * import { reauthentication } from '@tokenkeep/protocol'
 *
 * const body = reauthentication.parse({ handshake_id: 'hs1.…', handshake_response: { id: 'AQ' } })
 * ```
 */
export const reauthentication = handshakeFinish.omit({ user_id: true })
