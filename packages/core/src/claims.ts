/** Claims that a client may find in a token (RFC 7519 section 4). Any of them may be missing. */
export interface Claims {
  readonly iss?: string
  readonly sub?: string
  readonly sid?: string
  /** Seconds since the Unix epoch. */
  readonly iat?: number
  /** Seconds since the Unix epoch. */
  readonly exp?: number
}

/**
 * Returns the claims of a JWT, or undefined if the value is not one. Not verified: never authorize by them.
 *
 * @example
 * ```ts
 * import { readClaims } from '@tokenkeep/core'
 *
 * const token = 'e30.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJl'
 * console.log(readClaims(token)?.sub) // 'user-1'
 * ```
 */
export function readClaims(token: unknown): Claims | undefined {
  try {
    return JSON.parse(atob(String(token).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as Claims
  } catch {
    return undefined
  }
}
