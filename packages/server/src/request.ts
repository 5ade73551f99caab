import type { Context } from 'hono'
import type { z } from 'zod'
import { HttpError } from './http-error.ts'
import type { App } from './store.ts'
import type { SessionContext } from './sessions.ts'

/** What every route of an app finds in its context. */
export interface Variables {
  readonly app: App
  readonly session: SessionContext
}
export type AppContext = Context<{ Variables: Variables }>

/** The body, by its schema. JSON whatever the content type says: one real client sends it as text/plain. */
export async function body<T>(c: AppContext, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new HttpError(
    400,
    'invalid_request',
    path.length ? `${path.join('.')}: ${message}` : 'not a JSON object',
  )
}
