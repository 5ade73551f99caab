import type { TokenManager } from '../manager/api.ts'
import { plainFetch } from '../environment.ts'
import { allowedOrigins } from './origins.ts'
import type { Fetch } from '../platform.ts'

export interface AuthFetchOptions {
  /** Origins whose requests carry the token, such as `https://api.example.com`. Default: the page's own. */
  readonly origins?: readonly string[]
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch
}

/**
 * `fetch` with the auth token, for allowed origins only. A 401 is replayed once, body intact: with the newer token
 * where there is one, else after one refresh that parallel 401s share. An API that says 401 to a fresh token gets
 * neither. Rejects with a `TokenError` where there is no token to send.
 */
export function createAuthFetch(
  auth: Pick<TokenManager, 'getAuthToken'>,
  { origins, fetch: send = plainFetch }: AuthFetchOptions = {},
): Fetch {
  const allows = allowedOrigins(origins)

  return async (input, init) => {
    const request = new Request(input, init)
    if (!allows(request.url)) return send(request)
    const { signal } = request
    // Kept for the replay: a body can be read once only.
    const again = request.clone()
    const token = await auth.getAuthToken({ signal })
    const response = await send(bearing(request, token))
    if (response.status !== 401) return response
    const newer = await auth.getAuthToken({ signal, rejected: token }).catch(() => token)
    if (newer === token) return response
    await response.body?.cancel()
    return send(bearing(again, newer))
  }
}

/** RFC 6750 section 2.1. */
function bearing(request: Request, token: string): Request {
  request.headers.set('authorization', `Bearer ${token}`)
  return request
}
