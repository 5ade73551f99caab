import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HttpError } from '../errors.ts'
import { header, type Env } from './request.ts'

/** Bytes. */
const most = 64 * 1024

const refuse = (): never => {
  throw new HttpError(413, 'payload_too_large', 'at most 64 KiB')
}
const counting = bodyLimit({ maxSize: most, onError: refuse })

/** Refuses a large body: by the length it names, unread; only one without a length is read and counted. */
export const limitBody: MiddlewareHandler<Env> = (c, next) => {
  const length = header(c, 'content-length')
  if (length === undefined || header(c, 'transfer-encoding') !== undefined) return counting(c, next)
  return Number(length) > most ? refuse() : next()
}
