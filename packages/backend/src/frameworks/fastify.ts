import type { onRequestAsyncHookHandler } from 'fastify'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request. Behind `requireAuth` only. */
    auth?: Auth
  }
}

/** Fastify 5: an `onRequest` hook that lets in who is signed in, as `request.auth`, and answers everybody else. */
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
