import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { ApiError } from '../errors.ts'
import type { Env } from './request.ts'
import type { Operation } from './openapi/operation.ts'

const namesOf = (schema: z.ZodType | undefined): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : []

const refuseUnknown = (what: string, given: readonly string[], known: readonly string[]): void => {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const way = known.length ? `it takes ${known.join(', ')}` : 'it takes none'
  throw new ApiError('invalid_request', `${JSON.stringify(unknown)}: is no ${what} of this call: ${way}`)
}

/**
 * Refuses a management call with a field or a query parameter that the call does not have. A field that is ignored
 * looks like one that works: with a mistyped `except`, for example, the session that should stay would end too.
 */
export const knownFieldsOnly =
  ({ query, body }: Operation): MiddlewareHandler<Env> =>
  async (c, next) => {
    // A page that asks without a key gets the variant for pages, whose dialect ignores unknown fields.
    if (c.get('actor')) {
      refuseUnknown('query parameter', Object.keys(c.req.query()), namesOf(query))
      const text = c.req.method === 'GET' ? '' : await c.req.text()
      const given: unknown = text && (await c.req.json().catch(() => undefined))
      if (typeof given === 'object' && given !== null && !Array.isArray(given))
        refuseUnknown('field', Object.keys(given), namesOf(body))
    }
    await next()
  }
