const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT with an invalid signature: the measured clients do not verify it. `now` in milliseconds, `lifetime` in seconds. */
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
