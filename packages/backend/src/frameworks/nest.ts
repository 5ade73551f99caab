import { createParamDecorator, HttpException, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError, type AuthError } from '../tokens/auth-error.ts'
import type { IncomingRequest } from '../tokens/credentials.ts'
import type { Auth } from '../tokens/verify.ts'
import { carrierOf, requestOf } from './nest-context.ts'

/** What the responses of Nest on Express and of Nest on Fastify have in common. */
interface OutgoingResponse {
  header(name: string, value: string): unknown
}

/** The options of `authGuard`. */
export interface AuthGuardOptions extends AuthenticateOptions {
  /**
   * Returns an object with the headers of the request. Default: finds those of HTTP, GraphQL, Socket.IO, gRPC and NATS. A
   * client of Socket.IO may send the token as `auth: { token }`, because browsers set no header there.
   */
  readonly requestOf?: (context: ExecutionContext) => IncomingRequest
}

/**
 * Returns a guard for Nest that accepts requests of signed-in users, and sets `auth` on the request, the socket or the RPC
 * context. It refuses all others with the exception of the transport: `HttpException` (401, 403 or 503; also in GraphQL),
 * `WsException` or `RpcException`. `options.allow` decides which users are accepted; default: all. Errors of `allow` go to
 * the exception filters of Nest.
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
export const authGuard = (backend: Backend, options: AuthGuardOptions = {}): CanActivate => ({
  async canActivate(context) {
    const find = options.requestOf ?? requestOf
    try {
      carrierOf(context).auth = await backend.authenticate(find(context), options)
      return true
    } catch (error) {
      throw isAuthError(error) ? await toException(error, context) : error
    }
  },
})

async function toException(error: AuthError, context: ExecutionContext): Promise<Error> {
  const type = context.getType<string>()
  // Nest loads these packages itself before it calls the guard of such a context.
  if (type === 'ws') return new (await import('@nestjs/websockets')).WsException(error.body)
  if (type === 'rpc') return new (await import('@nestjs/microservices')).RpcException(error.body)
  if (type === 'http') {
    const response = context.switchToHttp().getResponse<OutgoingResponse>()
    for (const [name, value] of Object.entries(error.headers)) response.header(name, value)
  }
  const exception = new HttpException(error.body, error.status, { cause: error })
  // GraphQL sends the extensions of an error to the client, and not its status.
  return type === 'graphql' ? Object.assign(exception, { extensions: error.body }) : exception
}

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
  (_: unknown, context: ExecutionContext): Auth | undefined => carrierOf(context).auth,
)
