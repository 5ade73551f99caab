/** The end of the token's signature: enough to tell two tokens apart, of no use to anyone else. */
export const fingerprintOf = (token: string): string => token.slice(-6)

/** How long the token was made to last, in milliseconds, by its own claims. Never trusted, only drawn. */
export const lifetimeOf = (token: string): number | undefined => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: number; exp?: number }
    return iat !== undefined && exp !== undefined && exp > iat ? (exp - iat) * 1_000 : undefined
  } catch {
    return undefined
  }
}
