import { createMiddleware } from 'hono/factory'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { Config } from './config.ts'

interface Variables {
  readonly user: string
  readonly session: string
  /** Of the auth token, in seconds. */
  readonly age: number
  readonly lifetime: number
}

const codeOf = (error: unknown): string => {
  if (error instanceof errors.JWTExpired) return 'token_expired'
  return 'token_invalid'
}

/** All an API needs to trust a Tokenkeep auth token: the app's public keys and any JWT library. */
export const verified = ({ url, appId }: Config) => {
  const issuer = `${url}/v1/apps/${appId}`
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))

  return createMiddleware<{ Variables: Variables }>(async (context, next) => {
    const [scheme, token] = context.req.header('authorization')?.split(' ') ?? []
    if (scheme?.toLowerCase() !== 'bearer' || !token) return context.json({ code: 'token_missing' }, 401)
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: appId,
        typ: 'JWT',
        algorithms: ['EdDSA'],
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      })
      const { sub = '', sid, iat = 0, exp = 0 } = payload
      context.set('user', sub)
      context.set('session', String(sid))
      context.set('age', Math.floor(Date.now() / 1_000) - iat)
      context.set('lifetime', exp - iat)
    } catch (error) {
      return context.json({ code: codeOf(error) }, 401)
    }
    return next()
  })
}

/** For what only a recent token may do: refuses one that is past the half of its life. */
export const young = createMiddleware<{ Variables: Variables }>((context, next) =>
  context.get('age') > context.get('lifetime') / 2 + 1
    ? Promise.resolve(context.json({ code: 'token_too_old' }, 401))
    : next(),
)
