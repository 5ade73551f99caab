import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

/** Next: a route handler for who is signed in; everybody else is answered. `context` is Next's own, with `params`. */
export const withAuth =
  <Incoming extends Request, Context>(
    backend: Backend,
    handler: (request: Incoming, auth: Auth, context: Context) => Response | Promise<Response>,
    options?: AuthenticateOptions,
  ) =>
  async (request: Incoming, context: Context): Promise<Response> => {
    let auth: Auth
    try {
      auth = await backend.authenticate(request, options)
    } catch (error) {
      if (!isAuthError(error)) throw error
      return error.toResponse()
    }
    return handler(request, auth, context)
  }
