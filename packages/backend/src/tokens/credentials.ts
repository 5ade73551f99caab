import { AuthError } from './auth-error.ts'

/** The part of a request that is read. Requests of the Fetch standard, Node, Express and Fastify have it. */
export interface IncomingRequest {
  readonly method?: string | undefined
  readonly headers: Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface Credentials {
  readonly token: string
  /** True if the token is from the cookie. A browser sends cookies by itself, also for pages of other origins. */
  readonly fromCookie: boolean
}

function readHeader({ headers }: IncomingRequest, name: string): string | undefined {
  const value =
    typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}

/** RFC 6750 section 2.1: the scheme in upper or lower case, then a b64token. */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i

/**
 * Returns the auth token of a request: from the `Authorization` header, or else from the cookie.
 *
 * @throws AuthError `token_missing`, or `token_invalid` if the header is malformed
 */
export function readCredentials(request: IncomingRequest, cookie: string | undefined): Credentials {
  const authorization = readHeader(request, 'authorization')
  if (authorization && /^bearer\b/i.test(authorization)) {
    const token = BEARER.exec(authorization)?.[1]
    if (!token) throw new AuthError('token_invalid')
    return { token, fromCookie: false }
  }
  const token = cookie && readCookie(readHeader(request, 'cookie') ?? '', cookie)
  if (!token) throw new AuthError('token_missing')
  return { token, fromCookie: true }
}

function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name) return value
  }
  return undefined
}

/**
 * Prevents cross-site request forgery. A request with a cookie must come from an origin of the app. The audience of the
 * token lists these origins. A request without an `Origin` header may only read.
 *
 * @throws AuthError `origin_not_allowed`
 */
export function checkOrigin(request: IncomingRequest, audience: readonly string[]): void {
  const origin = readHeader(request, 'origin')
  const allowed = origin ? audience.includes(origin) : /^(GET|HEAD|OPTIONS)$/.test(request.method ?? '')
  if (!allowed) throw new AuthError('origin_not_allowed')
}
