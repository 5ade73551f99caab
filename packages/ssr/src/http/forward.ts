import { createAuthFetch, isTokenError } from '@tokenkeep/core'
import type { ServerSession } from '../session/server-session.ts'
import { addHeaders } from './add-headers.ts'
import { isSameOrigin, SCRIPT_HEADER } from './same-origin.ts'

export interface ForwardOptions {
  /** Sends the request to the API. Default: the global `fetch`. */
  readonly fetch?: typeof fetch
}

export interface ForwardContext {
  readonly origin: string
  open(request: Request): Promise<ServerSession>
}

/** Headers between two neighbours (RFC 9110 section 7.6.1), and those that an API must not see or set. */
const NOT_FORWARDED = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'content-encoding',
  'cookie',
  'set-cookie',
  'authorization',
  SCRIPT_HEADER,
]

const forwarded = (headers: Headers): Headers => {
  const kept = new Headers(headers)
  for (const name of NOT_FORWARDED) kept.delete(name)
  return kept
}

/**
 * Returns a function that forwards a request of the browser to an API, with the auth token. The browser has no token (the
 * full BFF of RFC 10017). Browsers send the cookies with the requests of any page. So each request, also a GET, must
 * come from a script of the app and have the header `Tokenkeep-Session`.
 */
export function createForward({ origin, open }: ForwardContext) {
  return async (request: Request, to: string | URL, options: ForwardOptions = {}): Promise<Response> => {
    if (!isSameOrigin(request, origin) || !request.headers.has(SCRIPT_HEADER))
      return Response.json(
        { error: `Send the header ${SCRIPT_HEADER}, from a page of ${origin}.` },
        { status: 403 },
      )
    const session = await open(request)
    const url = new URL(to)
    const send = createAuthFetch(session, { origins: [url.origin], authToken: 'always', ...options })
    const { method, body, signal } = request
    // A stream needs `duplex`, which the types of TypeScript lack.
    const init = { method, body, signal, headers: forwarded(request.headers), duplex: 'half' }
    const answer = await send(new Request(url, init)).catch((error: unknown) => withoutToken(error))
    const response = new Response(answer.body, { status: answer.status, headers: forwarded(answer.headers) })
    return addHeaders(response, await session.headers())
  }
}

/** Answers for an API that was not asked, because there is no token. */
function withoutToken(error: unknown): Response {
  if (!isTokenError(error)) throw error
  const { code, reason, retryAt } = error
  return code === 'sign-in-required'
    ? Response.json({ error: code, reason }, { status: 401 })
    : Response.json({ error: code, retryAt }, { status: 503 })
}
