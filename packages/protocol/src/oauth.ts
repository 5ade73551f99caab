import { z } from 'zod'

/**
 * A token request of a public client (RFC 6749 section 6). Unknown parameters are ignored (section 3.2).
 *
 * @example
 * ```ts
 * import { oauthRefreshRequest } from '@tokenkeep/protocol'
 *
 * const form = oauthRefreshRequest.parse({ grant_type: 'refresh_token', refresh_token: 'rt1.…' })
 * ```
 */
export const oauthRefreshRequest = z.object({
  grant_type: z.literal('refresh_token'),
  refresh_token: z.string(),
  client_id: z.string().optional(),
  /** Refused if present: tokens have no scope here, so any scope exceeds the granted one. */
  scope: z.string().optional(),
})

/**
 * A token response (RFC 6749 section 5.1). Lifetimes are in whole seconds.
 *
 * @example
 * ```ts
 * import { oauthTokens } from '@tokenkeep/protocol'
 *
 * const accessToken = (body: unknown) => oauthTokens.parse(body).access_token
 * ```
 */
export const oauthTokens = z.object({
  access_token: z.string(),
  /** `DPoP`: the tokens are bound to the key of the client (RFC 9449 section 5). */
  token_type: z.enum(['Bearer', 'DPoP']),
  expires_in: z.int(),
  refresh_token: z.string(),
  refresh_token_expires_in: z.int(),
})

/**
 * A revocation request (RFC 7009 section 2.1) or an introspection request (RFC 7662 section 2.1). The server ignores
 * `token_type_hint`.
 *
 * @example
 * ```ts
 * import { oauthTokenQuestion } from '@tokenkeep/protocol'
 *
 * const form = oauthTokenQuestion.parse({ token: 'rt1.…' })
 * ```
 */
export const oauthTokenQuestion = z.object({
  token: z.string(),
  token_type_hint: z.string().optional(),
  client_id: z.string().optional(),
})

/**
 * An introspection response (RFC 7662 section 2.2). Times are in Unix seconds. The response for an inactive token has no
 * field except `active`.
 *
 * @example
 * ```ts
 * import { introspection } from '@tokenkeep/protocol'
 *
 * const isActive = (body: unknown) => introspection.parse(body).active
 * ```
 */
export const introspection = z.union([
  z.object({
    active: z.literal(true),
    client_id: z.string(),
    iss: z.string(),
    sub: z.string(),
    sid: z.string(),
    exp: z.int(),
    iat: z.int(),
    /** Present for an auth token. */
    token_type: z.enum(['Bearer', 'DPoP']).optional(),
    /** Present for a bound token: the thumbprint of the client's key (RFC 9449 section 6.2). */
    cnf: z.object({ jkt: z.string() }).optional(),
    aud: z.array(z.string()).optional(),
    /** When the user last authenticated, in Unix seconds, and how strongly (RFC 9470 section 6.2). */
    auth_time: z.int(),
    acr: z.string().optional(),
  }),
  z.strictObject({ active: z.literal(false) }),
])

/**
 * The error codes of the OAuth dialect (RFC 6749 section 5.2; `server_error` and `temporarily_unavailable` from section
 * 4.1.2.1; the last two from RFC 9449 sections 5 and 8).
 *
 * @example
 * ```ts
 * import { oauthErrorCode } from '@tokenkeep/protocol'
 *
 * const code = oauthErrorCode.parse('invalid_grant')
 * ```
 */
export const oauthErrorCode = z.enum([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'invalid_scope',
  'unsupported_grant_type',
  'server_error',
  'temporarily_unavailable',
  'invalid_dpop_proof',
  'use_dpop_nonce',
])
/** An error code of the OAuth dialect. */
export type OAuthErrorCode = z.infer<typeof oauthErrorCode>

/**
 * The body of an error in the OAuth dialect (RFC 6749 section 5.2).
 *
 * @example
 * ```ts
 * import { oauthError } from '@tokenkeep/protocol'
 *
 * const body = oauthError.parse({ error: 'invalid_scope', error_description: 'tokens have no scope here' })
 * ```
 */
export const oauthError = z.object({
  error: oauthErrorCode,
  error_description: z.string(),
  /** With `invalid_grant`: the session lives, but another refresh of it was answered since. */
  superseded: z.literal(true).optional(),
})

/**
 * Authorization server metadata (RFC 8414 section 2).
 *
 * @example
 * ```ts
 * import { oauthMetadata } from '@tokenkeep/protocol'
 *
 * const tokenEndpoint = (body: unknown) => oauthMetadata.parse(body).token_endpoint
 * ```
 */
export const oauthMetadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  token_endpoint: z.string(),
  revocation_endpoint: z.string(),
  introspection_endpoint: z.string(),
  grant_types_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  revocation_endpoint_auth_methods_supported: z.array(z.string()),
  introspection_endpoint_auth_methods_supported: z.array(z.string()),
  /** The algorithms of a DPoP proof (RFC 9449 section 5.1). Absent if the app binds no sessions. */
  dpop_signing_alg_values_supported: z.array(z.string()).optional(),
})
