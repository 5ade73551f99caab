import { createMiddleware } from 'hono/factory'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { Config } from './config.ts'

const codeOf = (error: unknown): string => {
  if (error instanceof errors.JWTExpired) return 'token_expired'
  return 'token_invalid'
}

/** All an API needs to trust a Tokenkeep auth token: the app's public keys and any JWT library. */
export const verified = ({ url, appId }: Config) => {
  const issuer = `${url}/v1/apps/${appId}`
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))

  return createMiddleware<{ Variables: { user: string } }>(async (context, next) => {
    const [scheme, token] = context.req.header('authorization')?.split(' ') ?? []
    if (scheme?.toLowerCase() !== 'bearer' || !token) return context.json({ code: 'token_missing' }, 401)
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: appId,
        typ: 'JWT',
        algorithms: ['EdDSA'],
        requiredClaims: ['sub', 'exp'],
      })
      context.set('user', payload.sub ?? '')
    } catch (error) {
      return context.json({ code: codeOf(error) }, 401)
    }
    return next()
  })
}
