/** What a client reads of a token's claims (RFC 7519). */
export interface Claims {
  readonly sub?: string
  readonly sid?: string
  readonly iat: number
  readonly exp: number
}

/**
 * Reads, and proves nothing: a client has no key to prove it with. Throws for what is no JWT, with an error that may
 * quote it.
 */
export const readClaims = (token: unknown): Claims =>
  JSON.parse(atob(String(token).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as Claims
