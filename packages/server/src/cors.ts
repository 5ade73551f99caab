import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { originsOf } from './passkeys.ts'
import type { AppContext, Env } from './request.ts'

/** The origin of the page that asks, where it is one of the app's. */
export const originOf = (c: AppContext): string | undefined =>
  originsOf(c.get('app')).find((origin) => origin === c.req.header('origin'))

/** Lets the app's own pages read its answers, errors too: one they may not read looks like a lost connection. */
export const allowOriginsOfApp = (): MiddlewareHandler<Env> =>
  cors({
    origin: (_origin, c) => originOf(c as AppContext) ?? null,
    credentials: true,
    allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'tokenkeep-last-attempt',
      'tokenkeep-session',
      'passage-version',
      'passage-element-version',
    ],
    exposeHeaders: ['retry-after', 'etag', 'x-request-id'],
    maxAge: 7200,
  })
