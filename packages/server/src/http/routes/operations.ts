import { Hono } from 'hono'
import { timingSafeEqual } from 'node:crypto'
import { hashSecret } from '../../tokens/api-keys.ts'
import { ApiError } from '../../errors.ts'
import { StoreUnavailableError } from '../../store/database.ts'
import { operations } from '../openapi/all.ts'
import { openapi } from '../openapi/document.ts'
import { header, type Env } from '../request.ts'

interface OperationOptions {
  readonly metricsToken: string | undefined
  draining(): boolean
}

const notReady = (message: string): ApiError =>
  new ApiError('unavailable', message, { headers: { 'retry-after': '1' } })

/** Routes for the operator of the server. */
export function operationRoutes({ metricsToken, draining }: OperationOptions): Hono<Env> {
  const routes = new Hono<Env>()
  let document: Uint8Array<ArrayBuffer> | undefined

  routes.get('/livez', (c) => c.text('ok'))
  routes.get('/readyz', async (c) => {
    if (draining()) throw notReady('this server is shutting down: use another one')
    await c.env.instance.readiness.check().catch((error: unknown) => {
      throw error instanceof StoreUnavailableError ? error : notReady('the database is slow: try again')
    })
    return c.text('ok')
  })
  routes.get('/metrics', async (c) => {
    // `timingSafeEqual` needs two texts of the same length, so it compares hashes.
    const token = header(c, 'authorization')?.match(/^Bearer (.+)$/i)?.[1] ?? ''
    if (metricsToken === undefined)
      throw new ApiError(
        'operation_not_allowed',
        '/metrics is closed: set TOKENKEEP_METRICS_TOKEN and send it',
      )
    if (!timingSafeEqual(hashSecret(token), hashSecret(metricsToken)))
      throw new ApiError('invalid_access_token', 'send the metrics token as the bearer token')
    return c.text(await c.env.instance.metrics.text())
  })
  routes.get('/openapi.json', (c) => {
    // Bytes, because a text of this length would be encoded for each response.
    document ??= new TextEncoder().encode(JSON.stringify(openapi(operations, c.env.instance.base.href)))
    c.header('access-control-allow-origin', '*')
    return c.body(document, 200, { 'content-type': 'application/json' })
  })
  return routes
}
