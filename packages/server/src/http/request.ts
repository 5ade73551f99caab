import type { Context } from 'hono'
import type { z } from 'zod'
import { HttpError } from '../errors.ts'
import type { Instance } from './instance.ts'
import type { Client, SessionContext } from '../sessions/refresh.ts'
import type { App } from '../store/apps.ts'

/** What every route finds in its context; `app` and `session` only below an app. */
export interface Variables {
  readonly app: App
  readonly session: SessionContext
  /** Whoever manages: `api-key:<id>` or `admin:<identifier>`. */
  readonly actor: string
  /** Names the request in the log, and to whoever asks for help with it. */
  readonly request: string
  /** What a handler adds to the request's line in the log. Never a secret. */
  readonly said: Said | undefined
}
export interface Said {
  readonly event: string
  readonly [field: string]: string | number | readonly string[] | undefined
}
/** As much of Node's own request as is looked at. */
export interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}
/** What comes with a request from whoever received it. */
export interface Bindings {
  readonly instance: Instance
  /** The client's, as far as it can be told. */
  readonly address: string | undefined
  /** Node's own request, where it is known. */
  readonly incoming: Incoming | undefined
  /** When it came: ms of `performance.now()`. */
  readonly arrived: number
  /**
   * What the answer carries whatever it says; a header of the same name in the answer itself goes before. Not Hono's
   * `c.header`: a `Headers` object costs a refresh as much as its UPDATE does.
   */
  headers: Record<string, string>
}
export type Env = { Bindings: Bindings; Variables: Variables }
export type AppContext = Context<Env>

/** A header of the request, by its name in lower case. Of Node's own request in a quarter of the time that `c.req.header` takes. */
export function header(c: AppContext, name: string): string | undefined {
  const { incoming } = c.env
  // Only `set-cookie` can be several.
  return incoming ? (incoming.headers[name] as string | undefined) : c.req.header(name)
}

/** The input, by its schema; a coded error that says what is wrong with it. */
export function valid<T>(schema: z.ZodType<T>, input: unknown, otherwise: string): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw new HttpError(400, 'invalid_request', path.length ? `${path.join('.')}: ${message}` : otherwise)
}

/** The body, by its schema. JSON whatever the content type says: one real client sends it as text/plain. */
export const body = async <T>(c: AppContext, schema: z.ZodType<T>): Promise<T> =>
  valid(schema, await c.req.json().catch(() => undefined), 'not a JSON object')

/** The query, by its schema. */
export const query = <T>(c: AppContext, schema: z.ZodType<T>): T =>
  valid(schema, c.req.query(), 'not a query')

/**
 * An answer in JSON that takes with it, as one plain object, what every answer carries: header by header costs a refresh
 * half of what its UPDATE does.
 */
export function answer(c: AppContext, value: object, status = 200): Response {
  const { headers } = c.env
  c.env.headers = {}
  headers['content-type'] = 'application/json'
  return new Response(JSON.stringify(value), { status, headers })
}

/** Where a request comes from. Only as long as what a session shall keep of it. */
export const clientOf = (c: AppContext): Client => ({
  ip: c.env.address ?? null,
  user_agent: header(c, 'user-agent')?.slice(0, 300) ?? null,
})
