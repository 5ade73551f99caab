import { serveStatic } from '@hono/node-server/serve-static'
import { createBackend } from '@tokenkeep/backend'
import { requireAuth } from '@tokenkeep/backend/hono'
import { Hono } from 'hono'
import { sessionsOf, startSession } from './accounts.ts'
import { ageOf, requireRecentToken } from './age.ts'
import type { Config } from './config.ts'

export const createApp = (config: Config) => {
  const tokenkeep = createBackend(config)
  // A session that ends elsewhere ends here within a second, while the session server can be reached.
  tokenkeep.revocations({ whenDown: 'accept' })
  const signedIn = requireAuth(tokenkeep)
  const app = new Hono()

  app.onError((error, context) => {
    console.error(`${context.req.method} ${context.req.path}: ${error.message}`)
    return context.json({ code: 'session_server_unavailable' }, 502)
  })

  app.get('/config.json', (context) => context.json({ url: config.url, appId: config.appId }))

  app.get('/api/time', signedIn, (context) =>
    context.json({ time: new Date().toISOString(), user: context.get('auth').userId }),
  )

  // Refuses a token in the second half of its life, so that the samples can show what happens after a 401.
  app.post('/api/orders', signedIn, requireRecentToken, async (context) => {
    const order: unknown = await context.req.json().catch(() => undefined)
    return context.json({ order, token_age: ageOf(context.get('auth')) }, 201)
  })

  app.get('/api/account', signedIn, async (context) => {
    const { userId, sessionId } = context.get('auth')
    return context.json({ user: userId, sessions: await sessionsOf(tokenkeep, userId, sessionId) })
  })

  app.post('/api/sign-out-everywhere', signedIn, async (context) => {
    await tokenkeep.users.revokeRefreshTokens(context.get('auth').userId)
    return context.body(null, 204)
  })

  // This sample accepts any name. A real sign-in checks a password, a one-time code or a single sign-on.
  app.post('/session', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const identifier = (body as { identifier?: unknown } | undefined)?.identifier
    if (typeof identifier !== 'string' || !identifier.trim() || identifier.length > 200) {
      return context.json({ code: 'identifier_invalid' }, 400)
    }
    return context.json({ auth_result: await startSession(tokenkeep, identifier.trim()) }, 201)
  })

  app.all('/api/*', (context) => context.json({ code: 'not_found' }, 404))
  app.use('*', serveStatic({ root: config.pages }))
  app.get('*', serveStatic({ root: config.pages, path: 'index.html' }))
  return app
}
