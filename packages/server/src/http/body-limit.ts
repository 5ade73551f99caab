import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ApiError } from '../errors.ts'
import { header, type Env } from './request.ts'

const MAX_BODY_BYTES = 64 * 1024

const refuse = (): never => {
  throw new ApiError('payload_too_large', 'the body must have at most 64 KiB')
}
const countBytes = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuse })

/** Refuses a large body by its Content-Length, before it is read. A body without a length is read and counted. */
export const limitBody: MiddlewareHandler<Env> = (c, next) => {
  const length = header(c, 'content-length')
  if (length === undefined || header(c, 'transfer-encoding') !== undefined) return countBytes(c, next)
  return Number(length) > MAX_BODY_BYTES ? refuse() : next()
}
