import { createParamDecorator, HttpException, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { AuthenticateOptions, Backend } from '../backend.ts'
import type { IncomingRequest } from '../tokens/credentials.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

type AuthenticatedRequest = IncomingRequest & { auth?: Auth }

/** What Nest's responses of Express and of Fastify have in common. */
interface OutgoingResponse {
  header(name: string, value: string): unknown
}

/** Nest, on Express or Fastify: a guard that lets in who is signed in, and answers everybody else. */
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

/** The `Auth` of the request, as a parameter of a handler behind `authGuard`. */
export const CurrentAuth = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().auth,
)
