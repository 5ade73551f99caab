import type { AuthenticateOptions, Backend } from '../backend.ts'
import { isAuthError } from '../tokens/auth-error.ts'
import type { Auth } from '../tokens/verify.ts'

/**
 * Wraps a route handler of Next: `handler` gets the requests of signed-in users, with their `Auth`. All other requests
 * are answered with 401, 403 or 503. `context` is the second argument of Next, with `params`. `options.allow` decides
 * which users are accepted; default: all.
 *
 * @example
 * ```ts
 * import { createBackend } from '@tokenkeep/backend'
 * import { withAuth } from '@tokenkeep/backend/next'
 *
 * const backend = createBackend({ url: 'https://auth.example.com', appId: 'shop' })
 * export const GET = withAuth(backend, (request, { userId }) => Response.json({ userId }))
 * ```
 */
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
