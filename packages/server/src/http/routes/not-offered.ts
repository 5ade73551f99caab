import { Hono } from 'hono'
import { ApiError } from '../../errors.ts'
import { requireUser } from '../authenticate.ts'
import type { Env } from '../request.ts'

/** Calls of Passage's clients that need e-mail, text messages or other providers, with the way out for each. */
const NOT_OFFERED: readonly (readonly [paths: readonly string[], reason: string])[] = [
  [
    ['/register/magic-link', '/login/magic-link', '/magic-link/*', '/magic-links'],
    'this server sends no magic links: sign in with a passkey, or let your backend open a session',
  ],
  [
    ['/register/otp', '/login/otp', '/otp/*'],
    'this server sends no one-time codes: sign in with a passkey, or let your backend open a session',
  ],
  [['/social/*'], 'this server has no sign-in by other providers: let your backend open a session'],
  [
    ['/currentuser/email', '/currentuser/phone'],
    'this server cannot verify a new address: let your backend change the identifier',
  ],
]

/** Refuses what Passage offers and this server does not, in Passage's own form, so that its clients show the reason. */
export function notOfferedRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  for (const [paths, reason] of NOT_OFFERED)
    for (const path of paths)
      routes.all(path, () => {
        throw new ApiError('operation_not_allowed', reason)
      })
  routes.get('/currentuser/social-connections', async (c) => {
    await requireUser(c)
    return c.json({ social_connections: {} })
  })
  return routes
}
