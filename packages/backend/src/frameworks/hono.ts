import type { MiddlewareHandler } from 'hono'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

/**
 * Returns middleware for Hono that accepts requests of signed-in users and sets the variable `auth`. It answers all other
 * requests with 401, 403 or 503. `options.allow` decides which users are accepted; default: all. Errors of `allow` go to
 * `onError` of the app.
 *
 * @example
 * ```ts
 * import { createBackend } from '@tokenkeep/backend'
 * import { requireAuth } from '@tokenkeep/backend/hono'
 * import { Hono } from 'hono'
 *
 * const backend = createBackend({ url: 'https://auth.example.com', appId: 'shop' })
 * const app = new Hono()
 * app.get('/me', requireAuth(backend), (c) => c.json({ userId: c.get('auth').userId }))
 * ```
 */
export const requireAuth =
  (
    backend: Backend,
    options?: AuthenticateOptions,
  ): MiddlewareHandler<{ Variables: { readonly auth: Auth } }> =>
  async (c, next) => {
    try {
      c.set('auth', await backend.authenticate(c.req.raw, options))
    } catch (error) {
      if (!isAuthError(error)) throw error
      // Unlike a new Response, this keeps the headers that other middleware has set, such as those of CORS.
      return c.json(error.body, error.status, error.headers)
    }
    await next()
  }
