import type { ErrorCode, OAuthErrorCode, Scope } from '@tokenkeep/protocol'
import type { z } from 'zod'

/** The content of a reply: JSON by its schema, another type, or nothing. */
export type Reply = z.ZodType | 'text/plain' | 'text/event-stream' | undefined

/** One route of the OpenAPI document. The schemas are those that the handler validates with. */
export interface Operation {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** The path as it is registered, such as `/v1/apps/:app/tokens`. */
  readonly path: string
  readonly summary: string
  /**
   * Default: public. `key`: an API key of the app, or the auth token of an admin. `instance key`: an API key of the Console,
   * or the auth token of an admin. `auth token`: of a user of the app. `client`: the app id with an API key as the secret.
   * `optional key`: a key changes the reply. `metrics token`: the token of the setting `metricsToken`.
   */
  readonly needs?: 'key' | 'optional key' | 'instance key' | 'auth token' | 'client' | 'metrics token'
  /** What an API key must be able to do, or an admin: set if `needs` is one of these. */
  readonly scope?: Scope
  readonly query?: z.ZodObject
  /** The headers that the route reads, by name, with a description. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: z.ZodType
  /** Set if the body can be omitted. */
  readonly bodyOptional?: true
  readonly form?: z.ZodType
  readonly replies: Readonly<Record<number, Reply | readonly Reply[]>>
  /**
   * Error codes besides those that `document.ts` adds: `invalid_request`, `app_not_found`, `invalid_access_token` if `needs` is
   * set, and the codes of 413, 429, 500 and 503.
   */
  readonly errors?: readonly (ErrorCode | OAuthErrorCode)[]
}
