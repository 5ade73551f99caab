import { z } from 'zod'

/** RFC 6749 section 6, for a public client. Unknown parameters are ignored, as section 3.2 wants. */
export const oauthRefreshRequest = z.object({
  grant_type: z.literal('refresh_token'),
  refresh_token: z.string(),
  client_id: z.string().optional(),
  /** Tokens here carry no scope, so whatever is named is wider than what was granted. */
  scope: z.string().optional(),
})

/** RFC 6749 section 5.1. Lifetimes are whole seconds. */
export const oauthTokens = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  refresh_token: z.string(),
  refresh_token_expires_in: z.int(),
})

/** RFC 7009 section 2.1 and RFC 7662 section 2.1. The hint is no more than that: it is not needed. */
export const oauthTokenQuestion = z.object({
  token: z.string(),
  token_type_hint: z.string().optional(),
  client_id: z.string().optional(),
})

/** RFC 7662 section 2.2. Of a token that is not active, nothing else is said. Times are Unix seconds. */
export const introspection = z.union([
  z.object({
    active: z.literal(true),
    client_id: z.string(),
    iss: z.string(),
    sub: z.string(),
    sid: z.string(),
    exp: z.int(),
    iat: z.int(),
    /** Of an auth token. */
    token_type: z.literal('Bearer').optional(),
    aud: z.array(z.string()).optional(),
  }),
  z.strictObject({ active: z.literal(false) }),
])

/** RFC 6749 section 5.2, and what RFC 6749 section 4.1.2.1 has for a server in trouble. */
export const oauthErrorCode = z.enum([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unsupported_grant_type',
  'server_error',
  'temporarily_unavailable',
])
export type OAuthErrorCode = z.infer<typeof oauthErrorCode>
export const oauthError = z.object({ error: oauthErrorCode, error_description: z.string() })

/** RFC 8414 section 2. */
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
})
