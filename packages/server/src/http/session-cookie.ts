import type { AuthResult } from '@tokenkeep/protocol'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { originOf } from './cors.ts'
import { HttpError } from '../errors.ts'
import { header, type AppContext } from './request.ts'

/** Seconds: browsers keep no cookie longer. Each refresh sets it anew. */
const longest = 34_560_000

/**
 * Whether the client wants its refresh token in a cookie (`Tokenkeep-Session: cookie`). A browser sends the cookie whatever page asks, so only the
 * app's own pages may; the header makes every other page fail its preflight already.
 */
export function wantsCookie(c: AppContext): boolean {
  if (header(c, 'tokenkeep-session') !== 'cookie') return false
  if (originOf(c) === undefined)
    throw new HttpError(403, 'origin_not_allowed', 'cookies are for pages of this app')
  return true
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/

/** `__Host-`: this host's own, never a subdomain's, never sent in the clear. Browsers refuse that on http, so a loopback address goes without. */
function cookieOf(c: AppContext): { name: string; options: CookieOptions; prefix?: 'host' } {
  const { protocol, hostname } = new URL(c.get('session').issuer)
  const plain = protocol === 'http:' && loopback.test(hostname)
  return {
    name: `tokenkeep-${c.get('app').id}`,
    options: {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
      secure: !plain,
      ...(!plain && { prefix: 'host' }),
    },
    ...(!plain && { prefix: 'host' }),
  }
}

/** The refresh token the browser brought. */
export function readCookie(c: AppContext): string | undefined {
  const { name, prefix } = cookieOf(c)
  return prefix ? getCookie(c, name, prefix) : getCookie(c, name)
}

/** Moves the refresh token of a result into the cookie: what is left is for scripts to read. */
export function intoCookie(c: AppContext, { refresh_token, ...rest }: AuthResult): AuthResult {
  if (!refresh_token) return (forgetCookie(c), rest)
  const { name, options } = cookieOf(c)
  const left = rest.refresh_token_expiration! - Math.floor(c.get('session').now / 1000)
  setCookie(c, name, refresh_token, { ...options, maxAge: Math.min(left, longest) })
  return rest
}

export function forgetCookie(c: AppContext): void {
  const { name, options } = cookieOf(c)
  deleteCookie(c, name, options)
}
