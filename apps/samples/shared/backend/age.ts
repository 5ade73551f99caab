import type { Auth } from '@tokenkeep/backend'
import { createMiddleware } from 'hono/factory'

/** Seconds since the auth token was issued. */
export const ageOf = ({ claims }: Auth): number => Math.floor(Date.now() / 1000) - claims.iat

/** For what only a recent token may do: refuses one that is past the half of its life. */
export const young = createMiddleware<{ Variables: { readonly auth: Auth } }>((context, next) => {
  const auth = context.get('auth')
  const { iat, exp } = auth.claims
  return ageOf(auth) > (exp - iat) / 2 + 1
    ? Promise.resolve(context.json({ code: 'token_too_old' }, 401))
    : next()
})
