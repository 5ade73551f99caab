const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Returns a JWT without a real signature, because clients do not verify it. Times are milliseconds, the lifetime is seconds. */
export function jwt(issuer: string, sessionId: string, now: number, lifetime: number): string {
  const iat = Math.floor(now / 1000)
  const claims = {
    iss: issuer,
    sub: 'ada',
    sid: sessionId,
    aud: 'app',
    iat,
    exp: iat + lifetime,
    jti: crypto.randomUUID(),
  }
  const signature = Buffer.alloc(64, 7).toString('base64url')
  return `${encode({ alg: 'RS256', typ: 'JWT', kid: 'key' })}.${encode(claims)}.${signature}`
}
