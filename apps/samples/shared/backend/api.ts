import type { Backend } from '@tokenkeep/backend'
import { requireAuth } from '@tokenkeep/backend/hono'
import { Hono, type ErrorHandler } from 'hono'
import { sessionsOf } from './accounts.ts'
import { ageOf, requireRecentToken } from './age.ts'

export const sessionServerUnavailable: ErrorHandler = (error, context) => {
  console.error(`${context.req.method} ${context.req.path}: ${error.message}`)
  return context.json({ code: 'session_server_unavailable' }, 502)
}

/** The API that the samples call. Each request needs an auth token. */
export const createApi = (tokenkeep: Backend) => {
  // A session that ends elsewhere ends here within a second, while the session server can be reached.
  tokenkeep.revocations({ whenDown: 'accept' })
  const signedIn = requireAuth(tokenkeep)
  const api = new Hono().basePath('/api')
  api.onError(sessionServerUnavailable)

  api.get('/time', signedIn, (context) =>
    context.json({ time: new Date().toISOString(), user: context.get('auth').userId }),
  )

  // Refuses a token in the second half of its life, so that the samples can show what happens after a 401.
  api.post('/orders', signedIn, requireRecentToken, async (context) => {
    const order: unknown = await context.req.json().catch(() => undefined)
    return context.json({ order, token_age: ageOf(context.get('auth')) }, 201)
  })

  api.get('/account', signedIn, async (context) => {
    const { userId, sessionId } = context.get('auth')
    const [user, sessions] = await Promise.all([
      tokenkeep.users.get(userId),
      sessionsOf(tokenkeep, userId, sessionId),
    ])
    return context.json({ user: userId, name: user?.identifier ?? userId, sessions })
  })

  api.post('/sign-out-everywhere', signedIn, async (context) => {
    await tokenkeep.users.revokeRefreshTokens(context.get('auth').userId)
    return context.body(null, 204)
  })

  api.all('/*', (context) => context.json({ code: 'not_found' }, 404))
  return api
}
