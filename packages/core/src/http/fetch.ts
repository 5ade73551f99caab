import type { TokenManager } from '../manager/api.ts'
import { globalFetch } from '../environment.ts'
import { allowedOrigins } from './origins.ts'
import type { Fetch } from '../platform.ts'

export interface AuthFetchOptions {
  /** Origins that receive the token, such as `https://api.example.com`. Default: the page's own origin. */
  readonly origins?: readonly string[]
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch
}

/**
 * Returns a `fetch` that sends the auth token, to allowed origins only. After a 401, the request is replayed once with
 * its body: with the newer token if there is one, else after one refresh that all parallel 401s share. If the token had
 * just arrived, the 401 is returned as it is.
 *
 * @throws TokenError if there is no token to send
 *
 * @example
 * ```ts
 * import { createAuthFetch, createTokenManager, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const authFetch = createAuthFetch(createTokenManager({ transport }), {
 *   origins: ['https://api.example.com'],
 * })
 * const response = await authFetch('https://api.example.com/orders')
 * ```
 */
export function createAuthFetch(
  auth: Pick<TokenManager, 'getAuthToken'>,
  { origins, fetch: send = globalFetch }: AuthFetchOptions = {},
): Fetch {
  const allows = allowedOrigins(origins)

  return async (input, init) => {
    const request = new Request(input, init)
    if (!allows(request.url)) return send(request)
    const { signal } = request
    // For the replay, because a body can be read only once.
    const again = request.clone()
    const token = await auth.getAuthToken({ signal })
    const response = await send(withToken(request, token))
    if (response.status !== 401) return response
    const newer = await auth.getAuthToken({ signal, rejected: token }).catch(() => token)
    if (newer === token) return response
    await response.body?.cancel()
    return send(withToken(again, newer))
  }
}

/** RFC 6750 section 2.1. */
function withToken(request: Request, token: string): Request {
  request.headers.set('authorization', `Bearer ${token}`)
  return request
}
