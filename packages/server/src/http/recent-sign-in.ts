import type { MiddlewareHandler } from 'hono'
import { ApiError } from '../errors.ts'
import type { Operation } from './openapi/operation.ts'
import type { Env } from './request.ts'

/** How long ago the user may have authenticated before a change. */
const MAX_AGE_SECONDS = 600

/**
 * Whether an administrator must have authenticated recently (ASVS 5.0 section 7.5): for every change, except to end sessions of one
 * user, which is urgent. API keys authenticate with each request.
 */
export const needsRecentSignIn = ({ method, path, scope }: Operation): boolean =>
  method !== 'get' &&
  scope !== undefined &&
  scope !== 'introspect' &&
  !(scope === 'sessions:end' && path.includes('/:user'))

/**
 * Throws {@link ApiError} `insufficient_user_authentication` with a challenge (RFC 9470 section 3) if the user authenticated too long
 * ago. Both times are milliseconds since the epoch.
 */
export function requireRecentSignIn(authenticatedAt: number, now: number): void {
  if (now - authenticatedAt <= MAX_AGE_SECONDS * 1000) return
  const headers = {
    'www-authenticate': `Bearer error="insufficient_user_authentication", max_age="${MAX_AGE_SECONDS}"`,
  }
  throw new ApiError(
    'insufficient_user_authentication',
    'your sign-in is too long ago for this: confirm with your passkey that it is you',
    { headers },
  )
}

/** Refuses a change by an administrator who authenticated too long ago. */
export const recentSignInOf =
  (operation: Operation): MiddlewareHandler<Env> =>
  async (c, next) => {
    const { authenticatedAt } = c.get('actor') ?? {}
    if (authenticatedAt !== undefined && needsRecentSignIn(operation))
      requireRecentSignIn(authenticatedAt, c.env.instance.now())
    await next()
  }
