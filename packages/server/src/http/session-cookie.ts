import type { AuthResult } from '@tokenkeep/protocol'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { allowedOrigin } from './cors.ts'
import { ApiError } from '../errors.ts'
import { header, type AppContext } from './request.ts'
import { unusedLifetime } from '../sessions/token-response.ts'

/** 400 days: browsers keep a cookie no longer (RFC 6265bis). Each refresh sets it again. */
const MAX_COOKIE_AGE_SECONDS = 34_560_000

/**
 * Whether the client wants its refresh token in a cookie (`Tokenkeep-Session: cookie`). A browser sends the cookie with the
 * requests of any page, so the request must come from a page of the app: otherwise this throws {@link ApiError}
 * `origin_not_allowed`. A request with this header needs a CORS preflight, which already fails for any other page.
 */
export function wantsCookie(c: AppContext): boolean {
  if (header(c, 'tokenkeep-session') !== 'cookie') return false
  if (allowedOrigin(c) === undefined)
    throw new ApiError('origin_not_allowed', 'the Origin must be one of the app: add it in the settings')
  return true
}

/**
 * Whether the refresh token of this request's response goes into the cookie. Throws {@link ApiError} `operation_not_allowed` if
 * the app allows no other place and the client does not ask for it.
 */
export function answersInCookie(c: AppContext): boolean {
  const inCookie = wantsCookie(c)
  if (!inCookie && c.get('app').storage === 'cookie')
    throw new ApiError(
      'operation_not_allowed',
      'this app keeps refresh tokens in cookies only: send the header Tokenkeep-Session: cookie',
    )
  return inCookie
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * The name and attributes of the cookie. The prefix `__Host-` means that a subdomain cannot set it and that it is never sent
 * over http. Browsers refuse the prefix on http, so a loopback address gets none.
 */
function cookieFor(c: AppContext): { name: string; options: CookieOptions; prefix?: 'host' } {
  const { protocol, hostname } = new URL(c.get('session').issuer)
  const plain = protocol === 'http:' && LOOPBACK.test(hostname)
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

/** Reads the refresh token from the cookie. */
export function readCookie(c: AppContext): string | undefined {
  const { name, prefix } = cookieFor(c)
  return prefix ? getCookie(c, name, prefix) : getCookie(c, name)
}

/** Moves the refresh token of a token response into the cookie. The rest stays in the body for scripts. */
export function moveToCookie(c: AppContext, { refresh_token, ...rest }: AuthResult): AuthResult {
  if (!refresh_token) return (clearCookie(c), rest)
  const { name, options } = cookieFor(c)
  setCookie(c, name, refresh_token, {
    ...options,
    maxAge: Math.min(unusedLifetime(rest), MAX_COOKIE_AGE_SECONDS),
  })
  return rest
}

export function clearCookie(c: AppContext): void {
  const { name, options } = cookieFor(c)
  deleteCookie(c, name, options)
}
