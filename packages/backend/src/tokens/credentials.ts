import { AuthError } from './auth-error.ts'

/** What a request is asked for: a web-standard `Request` has it, and so has one of Node's, Express's or Fastify's. */
export interface IncomingRequest {
  readonly method?: string | undefined
  readonly headers: Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface Credentials {
  readonly token: string
  /** A browser sends cookies by itself, also for pages of others. */
  readonly fromCookie: boolean
}

function headerOf({ headers }: IncomingRequest, name: string): string | undefined {
  const value =
    typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}

/** RFC 6750 section 2.1: the scheme in any case, then a b64token. */
const bearer = /^bearer +([\w.~+/-]+=*)$/i

/** The auth token of a request: the `Authorization` header's, else the cookie's. */
export function credentialsOf(request: IncomingRequest, cookie: string | undefined): Credentials {
  const authorization = headerOf(request, 'authorization')
  if (authorization && /^bearer\b/i.test(authorization)) {
    const token = bearer.exec(authorization)?.[1]
    if (!token) throw new AuthError('token_invalid')
    return { token, fromCookie: false }
  }
  const token = cookie && cookieOf(headerOf(request, 'cookie') ?? '', cookie)
  if (!token) throw new AuthError('token_missing')
  return { token, fromCookie: true }
}

function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name) return value
  }
  return undefined
}

/**
 * Against cross-site request forgery: a request with a cookie must come from the token's own app, whose origin is
 * among the token's audience. Without an `Origin`, it may only read.
 */
export function checkOrigin(request: IncomingRequest, audience: readonly string[]): void {
  const origin = headerOf(request, 'origin')
  const allowed = origin ? audience.includes(origin) : /^(GET|HEAD|OPTIONS)$/.test(request.method ?? '')
  if (!allowed) throw new AuthError('origin_not_allowed')
}
