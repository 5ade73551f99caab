/** The claims of a token (RFC 7519 section 4). Any of them may be missing. */
export interface Claims {
  readonly [name: string]: unknown
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
    const bytes = atob(String(token).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))
    // The bytes are UTF-8 (RFC 7515 section 3). Not every platform has a `TextDecoder`.
    const escaped = bytes.replaceAll(/[^]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
    return JSON.parse(decodeURIComponent(escaped)) as Claims
  } catch {
    return undefined
  }
}
