import type { RequestHandler } from 'express'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

declare global {
  namespace Express {
    interface Request {
      /** Who sent the request. Behind `requireAuth` only. */
      auth?: Auth
    }
  }
}

/** Express 5: lets in who is signed in, as `request.auth`, and answers everybody else. */
export const requireAuth =
  (backend: Backend, options?: AuthenticateOptions): RequestHandler =>
  async (request, response, next) => {
    try {
      request.auth = await backend.authenticate(request, options)
    } catch (error) {
      if (!isAuthError(error)) throw error
      response.status(error.status).set(error.headers).json(error.body)
      return
    }
    next()
  }
