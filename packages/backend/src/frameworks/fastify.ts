import type { onRequestAsyncHookHandler } from 'fastify'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The user and the session of the request. `requireAuth` sets it. */
    auth?: Auth
  }
}

/**
 * Returns an `onRequest` hook for Fastify 5 that accepts requests of signed-in users and sets `request.auth`. It answers
 * all other requests with 401, 403 or 503. `options.allow` decides which users are accepted; default: all. Errors of
 * `allow` go to the error handler of Fastify.
 *
 * @example
 * ```ts
 * import { createBackend } from '@tokenkeep/backend'
 * import { requireAuth } from '@tokenkeep/backend/fastify'
 * import fastify from 'fastify'
 *
 * const backend = createBackend({ url: 'https://auth.example.com', appId: 'shop' })
 * fastify().get('/me', { onRequest: requireAuth(backend) }, (request) => ({
 *   userId: request.auth?.userId,
 * }))
 * ```
 */
export const requireAuth =
  (backend: Backend, options?: AuthenticateOptions): onRequestAsyncHookHandler =>
  async (request, reply) => {
    try {
      request.auth = await backend.authenticate(request, options)
    } catch (error) {
      if (!isAuthError(error)) throw error
      return reply.code(error.status).headers(error.headers).send(error.body)
    }
  }
