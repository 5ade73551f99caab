/** Returns the end of the token's signature. It is enough to tell two tokens apart, and useless to an attacker. */
export const fingerprintOf = (token: string): string => token.slice(-6)

/** Returns the token's lifetime in milliseconds, according to its claims. Not verified: use it only for the drawing. */
export const lifetimeOf = (token: string): number | undefined => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: number; exp?: number }
    return iat !== undefined && exp !== undefined && exp > iat ? (exp - iat) * 1_000 : undefined
  } catch {
    return undefined
  }
}
