import { Hono } from 'hono'
import { timingSafeEqual } from 'node:crypto'
import { secretHash } from '../../tokens/api-keys.ts'
import { HttpError } from '../../errors.ts'
import { operations } from '../openapi/all.ts'
import { openapi } from '../openapi/document.ts'
import { header, type Env } from '../request.ts'

interface OperationOptions {
  readonly metricsToken: string | undefined
  draining(): boolean
}

/** How long a store may take to take a write, for a server that is ready. ms. */
const patience = 2000

/** What whoever runs the server calls. */
export function operationRoutes({ metricsToken, draining }: OperationOptions): Hono<Env> {
  const routes = new Hono<Env>()
  let document: object | undefined

  routes.get('/livez', (c) => c.text('ok'))
  routes.get('/readyz', async (c) => {
    const { store, now } = c.env.instance
    const unready = (why: string): HttpError =>
      new HttpError(503, 'unavailable', why, { headers: { 'retry-after': '1' } })
    if (draining()) throw unready('shutting down')
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(unready('the database is slow')), patience).unref(),
    )
    await Promise.race([store.probe(now()), late])
    return c.text('ok')
  })
  routes.get('/metrics', async (c) => {
    // Hashes are compared: of equal length, and nothing is learned from the time it takes.
    const token = header(c, 'authorization')?.match(/^Bearer (.+)$/i)?.[1] ?? ''
    if (metricsToken !== undefined && !timingSafeEqual(secretHash(token), secretHash(metricsToken)))
      throw new HttpError(401, 'invalid_access_token', 'the metrics token is needed')
    return c.text(await c.env.instance.metrics.text())
  })
  routes.get('/openapi.json', (c) => {
    document ??= openapi(operations, c.env.instance.baseUrl)
    c.header('access-control-allow-origin', '*')
    return c.json(document)
  })
  return routes
}
