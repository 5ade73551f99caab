import type { Auth } from '@tokenkeep/backend'
import { createMiddleware } from 'hono/factory'

/** Returns the seconds since the auth token was issued. */
export const ageOf = ({ claims }: Auth): number => Math.floor(Date.now() / 1000) - claims.iat

/** Responds with 401 to a token in the second half of its life. Use it for requests that need a recent token. */
export const requireRecentToken = createMiddleware<{ Variables: { readonly auth: Auth } }>(
  (context, next) => {
    const auth = context.get('auth')
    const { iat, exp } = auth.claims
    return ageOf(auth) > (exp - iat) / 2 + 1
      ? Promise.resolve(context.json({ code: 'token_too_old' }, 401))
      : next()
  },
)
