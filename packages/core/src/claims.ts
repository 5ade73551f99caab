/** What a client may find in a token (RFC 7519). Whoever made the token wrote it: any of it may be missing. */
export interface Claims {
  readonly iss?: string
  readonly sub?: string
  readonly sid?: string
  /** Seconds since the epoch. */
  readonly iat?: number
  /** Seconds since the epoch. */
  readonly exp?: number
}

/** The claims of a token, or undefined for what is no JWT. Proves nothing: a client has no key to prove it with. */
export function readClaims(token: unknown): Claims | undefined {
  try {
    return JSON.parse(atob(String(token).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as Claims
  } catch {
    return undefined
  }
}
