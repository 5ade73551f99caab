import { AuthError } from './auth-error.ts'

type HeaderValue = string | readonly string[] | undefined

/**
 * The part of a request that is read. Requests of the Fetch standard, Node, Express and Fastify have it. A plain object, a
 * list of pairs or a `Map` may hold the headers too, with names in upper or lower case.
 */
export interface IncomingRequest {
  readonly method?: string | undefined
  /** The path or the URL. Express keeps the whole path in `originalUrl`. Needed for bound tokens. */
  readonly url?: string | undefined
  readonly originalUrl?: string | undefined
  readonly headers:
    | Pick<Headers, 'get'>
    | Iterable<readonly [string, HeaderValue]>
    | Readonly<Record<string, HeaderValue>>
}

export interface Credentials {
  readonly token: string
  /** True if the token is from the cookie. A browser sends cookies by itself, also for pages of other origins. */
  readonly fromCookie: boolean
  /** The scheme of the header (RFC 6750 section 2.1, RFC 9449 section 7.1). */
  readonly scheme: 'Bearer' | 'DPoP'
}

/** Returns the value of a header. Several values become one, as on the wire (RFC 9110 section 5.3, RFC 9113 section 8.2.3). */
export function readHeader({ headers }: IncomingRequest, name: string): string | undefined {
  const values = headerValues(headers, name).filter((value) => typeof value === 'string')
  return values.length ? values.join(name === 'cookie' ? '; ' : ', ') : undefined
}

function headerValues(headers: IncomingRequest['headers'], name: string): unknown[] {
  if ('get' in headers && typeof headers.get === 'function') {
    const found: unknown = headers.get(name)
    // A Map knows only the spelling that it was given.
    if (found || !(Symbol.iterator in headers)) return [found].flat()
  }
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  return pairs.filter(([key]) => key.toLowerCase() === name).flatMap(([, value]) => value)
}

/** RFC 6750 section 2.1, RFC 9449 section 7.1: the scheme in upper or lower case, then a token. */
const CREDENTIALS = /^(?:bearer|dpop) +([\w.~+/-]+=*)$/i

/**
 * Returns the auth token of a request: from the `Authorization` header, or else from the cookie.
 *
 * @throws AuthError `token_missing`, or `token_invalid` if the header is malformed
 * @throws TypeError if there are no headers: the caller passed something that is not a request
 */
export function readCredentials(request: IncomingRequest, cookie: string | undefined): Credentials {
  if (!request?.headers) throw new TypeError('This is not a request, because it has no headers.')
  const authorization = readHeader(request, 'authorization')
  if (authorization && /^(bearer|dpop)\b/i.test(authorization)) {
    const scheme = /^d/i.test(authorization) ? 'DPoP' : 'Bearer'
    const token = CREDENTIALS.exec(authorization)?.[1]
    if (!token)
      throw new AuthError('token_invalid', {
        reason: `The Authorization header is not "${scheme}" and one token.`,
        scheme,
      })
    return { token, fromCookie: false, scheme }
  }
  const token = cookie && readCookie(readHeader(request, 'cookie') ?? '', cookie)
  if (!token) throw new AuthError('token_missing')
  return { token, fromCookie: true, scheme: 'Bearer' }
}

function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=')
    // RFC 6265 section 4.1.1: a value may be in double quotes.
    if (key === name) return value?.replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

/**
 * Prevents cross-site request forgery. A request with a cookie must come from an origin of the app. The audience of the
 * token lists these origins. A request without an `Origin` header may only read.
 *
 * @throws AuthError `origin_not_allowed`
 */
export function checkOrigin(request: IncomingRequest, audience: string | readonly string[]): void {
  const origin = readHeader(request, 'origin')
  const allowed = origin
    ? [audience].flat().includes(origin)
    : /^(GET|HEAD|OPTIONS)$/.test(request.method ?? '')
  if (!allowed) throw new AuthError('origin_not_allowed')
}
