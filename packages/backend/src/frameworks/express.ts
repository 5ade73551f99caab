import type { RequestHandler } from 'express'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

declare global {
  namespace Express {
    interface Request {
      /** The user and the session of the request. `requireAuth` sets it. */
      auth?: Auth
    }
  }
}

/**
 * Returns middleware for Express 4 and 5 that accepts requests of signed-in users and sets `request.auth`. It answers all other
 * requests with 401, 403 or 503. `options.allow` decides which users are accepted; default: all. Errors of `allow` go to
 * the error handler of Express.
 *
 * @example
 * ```ts
 * import { createBackend } from '@tokenkeep/backend'
 * import { requireAuth } from '@tokenkeep/backend/express'
 * import express from 'express'
 *
 * const backend = createBackend({ url: 'https://auth.example.com', appId: 'shop' })
 * express().get('/me', requireAuth(backend), (request, response) => {
 *   response.json({ userId: request.auth?.userId })
 * })
 * ```
 */
export const requireAuth =
  (backend: Backend, options?: AuthenticateOptions): RequestHandler =>
  async (request, response, next) => {
    try {
      request.auth = await backend.authenticate(request, options)
    } catch (error) {
      // Express 4 does not look at the promise, so an error must go through `next`.
      if (!isAuthError(error)) return next(error)
      response.status(error.status).set(error.headers).json(error.body)
      return
    }
    next()
  }
