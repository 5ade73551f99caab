import type { Scope } from '@tokenkeep/protocol'
import type { Context } from 'hono'
import type { z } from 'zod'
import { ApiError } from '../errors.ts'
import type { ClientInfo } from '../sessions/sign-in.ts'
import type { SessionContext } from '../sessions/token-response.ts'
import type { App } from '../store/apps.ts'
import type { Source } from '../store/events.ts'
import type { Instance } from './instance.ts'

/** Who manages an app, and what they may do there. */
export type Manager = Source & {
  readonly scopes: readonly Scope[]
  /** The limits of the API key, if it is one. `expires_at`: milliseconds since the epoch. */
  readonly key?: { readonly expires_at: number | null; readonly addresses: readonly string[] }
  /** When the administrator last authenticated, if it is one. Milliseconds since the epoch. */
  readonly authenticatedAt?: number
}

/** The variables of a request's context. `app` and `session` exist only below `/v1/apps/:app`. */
export interface Variables {
  readonly app: App
  readonly session: SessionContext
  /** Who manages the app, and from where. */
  readonly actor: Manager
  /** The id of the request, in the log and in the header `X-Request-Id`. */
  readonly request: string
  /** Fields that a handler adds to the request's log line. They never contain a secret. */
  readonly logFields: LogFields | undefined
}
/**
 * What an administrator should know of: a stolen refresh token, a client that found itself displaced, a bound token without its
 * key, a second client with a session's key, or a token ahead of the database. Each is an event of the audit trail, a warning in the log and a count in the metrics.
 */
export type Alarm = 'reuse' | 'displaced' | 'stolen-token' | 'forked' | 'fast-forward'
export interface LogFields {
  readonly event: string
  readonly alarm?: Alarm | undefined
  readonly [field: string]: string | number | readonly string[] | undefined
}
/** The part of Node's request that this server reads. */
export interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}
/** What the server knows of a request before it is routed. */
export interface Bindings {
  readonly instance: Instance
  /** The client's address, if it is known. */
  readonly address: string | undefined
  /** Node's own request, if there is one. */
  readonly incoming: Incoming | undefined
  /** When the request arrived: milliseconds of `performance.now()`. */
  readonly arrived: number
  /** Headers that every response carries. Only `response.ts` reads and writes them. */
  headers: Record<string, string>
}
export type Env = { Bindings: Bindings; Variables: Variables }
export type AppContext = Context<Env>

/** Reads a request header by its lower-case name. From Node's request it takes a quarter of the time of `c.req.header`. */
export function header(c: AppContext, name: string): string | undefined {
  const { incoming } = c.env
  // Only `set-cookie` can be an array.
  return incoming ? (incoming.headers[name] as string | undefined) : c.req.header(name)
}

/**
 * Parses input by a schema. Throws {@link ApiError} `invalid_request`. Its message names the wrong field, or is `otherwise` if
 * the input as a whole is wrong.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, otherwise: string): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw new ApiError('invalid_request', path.length ? `${path.join('.')}: ${message}` : otherwise)
}

/** Parses the body as JSON by a schema. It ignores the content type, because one existing client sends text/plain. */
export const readBody = async <T>(c: AppContext, schema: z.ZodType<T>): Promise<T> =>
  parseInput(schema, await c.req.json().catch(() => undefined), 'the body must be a JSON object')

/** Parses the body as JSON by a schema. A request without a body has no fields. */
export const readOptionalBody = async <T>(c: AppContext, schema: z.ZodType<T>): Promise<T> =>
  (await c.req.text()) ? readBody(c, schema) : parseInput(schema, {}, 'the body must be a JSON object')

/** Parses the query string by a schema. */
export const readQuery = <T>(c: AppContext, schema: z.ZodType<T>): T =>
  parseInput(schema, c.req.query(), 'the query string is malformed')

const MAX_USER_AGENT_LENGTH = 300

/** Who sent the request, for the audit trail: `user`, `system`, `api-key:<id>` or `admin:<id>`. */
export const sourceOf = (c: AppContext, actor: string, actor_name?: string): Source => ({
  actor,
  actor_name,
  ...clientInfo(c),
  request_id: c.get('request'),
})

export const shorten = (userAgent: string): string => userAgent.slice(0, MAX_USER_AGENT_LENGTH)

/** The address and the user agent of a request, as a session stores them. */
export const clientInfo = (c: AppContext): ClientInfo => ({
  ip: c.env.address ?? null,
  user_agent: shorten(header(c, 'user-agent') ?? '') || null,
})
