import type { ErrorCode, OAuthErrorCode } from '@tokenkeep/protocol'
import type { z } from 'zod'

/** What a reply holds: JSON by its schema, or another type, or nothing. */
export type Reply = z.ZodType | 'text/plain' | 'text/event-stream' | undefined

/** One route, as the document tells of it. The schemas are those that the handler validates with. */
export interface Operation {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** As it is registered, such as `/v1/apps/:app/tokens`. */
  readonly path: string
  readonly summary: string
  /** Default: open to everybody. `key`: an API key of the app, or the auth token of a console admin. */
  readonly needs?: 'key' | 'instance key' | 'auth token' | 'client' | 'metrics token'
  readonly query?: z.ZodObject
  /** Names of headers that it reads, and what for. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: z.ZodType
  /** Where the body may be left out. */
  readonly bodyOptional?: true
  readonly form?: z.ZodType
  readonly replies: Readonly<Record<number, Reply | readonly Reply[]>>
  /** Beyond those of every route: `invalid_request` where it reads anything, 413, 429, 500, 503, and the app unknown. */
  readonly errors?: readonly (ErrorCode | OAuthErrorCode)[]
}

/** The status that each code comes with. */
export const statuses: Readonly<Record<ErrorCode | OAuthErrorCode, number>> = {
  invalid_request: 400,
  invalid_refresh_token: 401,
  invalid_access_token: 401,
  webauthn_login_failed: 401,
  user_not_active: 403,
  operation_not_allowed: 403,
  origin_not_allowed: 403,
  app_not_found: 404,
  user_not_found: 404,
  not_found: 404,
  user_has_no_passkeys: 409,
  conflict: 409,
  payload_too_large: 413,
  rate_limited: 429,
  internal_server_error: 500,
  unavailable: 503,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  server_error: 500,
  temporarily_unavailable: 503,
}
