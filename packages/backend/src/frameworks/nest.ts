import { createParamDecorator, HttpException, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { IncomingRequest } from '../tokens/credentials.ts'
import type { Auth } from '../tokens/verify.ts'

type AuthenticatedRequest = IncomingRequest & { auth?: Auth }

/** What the responses of Nest on Express and of Nest on Fastify have in common. */
interface OutgoingResponse {
  header(name: string, value: string): unknown
}

/**
 * Returns a guard for Nest, on Express or Fastify, that accepts requests of signed-in users. It answers all other
 * requests with 401, 403 or 503, as an `HttpException`. `options.allow` decides which users are accepted; default: all.
 * Errors of `allow` go to the exception filters of Nest.
 *
 * @example
 * ```ts
 * import { APP_GUARD } from '@nestjs/core'
 * import { createBackend } from '@tokenkeep/backend'
 * import { authGuard } from '@tokenkeep/backend/nest'
 *
 * const backend = createBackend({ url: 'https://auth.example.com', appId: 'shop' })
 * // Among the providers of a module, this guards every route of the app.
 * export const guardProvider = { provide: APP_GUARD, useValue: authGuard(backend) }
 * ```
 */
export const authGuard = (backend: Backend, options?: AuthenticateOptions): CanActivate => ({
  async canActivate(context) {
    const http = context.switchToHttp()
    const request = http.getRequest<AuthenticatedRequest>()
    try {
      request.auth = await backend.authenticate(request, options)
      return true
    } catch (error) {
      if (!isAuthError(error)) throw error
      const response = http.getResponse<OutgoingResponse>()
      for (const [name, value] of Object.entries(error.headers)) response.header(name, value)
      throw new HttpException(error.body, error.status)
    }
  },
})

/**
 * Injects the `Auth` of the request into a parameter of a handler. Undefined if the handler has no `authGuard`.
 *
 * @example
 * ```ts
 * import type { Auth } from '@tokenkeep/backend'
 * import { CurrentAuth } from '@tokenkeep/backend/nest'
 *
 * export class OrdersController {
 *   list(@CurrentAuth() { userId }: Auth) {
 *     return { userId }
 *   }
 * }
 * ```
 */
export const CurrentAuth = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().auth,
)
