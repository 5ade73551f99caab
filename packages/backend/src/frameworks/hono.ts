import type { MiddlewareHandler } from 'hono'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

/** Hono: lets in who is signed in, as `c.get('auth')`, and answers everybody else. */
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
      return error.toResponse()
    }
    await next()
  }
