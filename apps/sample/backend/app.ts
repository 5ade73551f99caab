import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { Config } from './config.ts'
import { managementOf } from './management.ts'
import { verified, young } from './verify.ts'

export const createApp = (config: Config) => {
  const management = managementOf(config)
  const app = new Hono()

  app.onError((error, context) => {
    console.error(`${context.req.method} ${context.req.path}: ${error.message}`)
    return context.json({ code: 'session_server_unavailable' }, 502)
  })

  app.get('/config.json', (context) => context.json({ url: config.url, appId: config.appId }))

  app.get('/api/time', verified(config), (context) =>
    context.json({ time: new Date().toISOString(), user: context.get('user') }),
  )

  // Refuses a token that is past the half of its life, so that the samples can show what a 401 leads to.
  app.post('/api/orders', verified(config), young, async (context) => {
    const order: unknown = await context.req.json().catch(() => undefined)
    return context.json({ order, token_age: context.get('age') }, 201)
  })

  app.get('/api/account', verified(config), async (context) => {
    const sessions = await management.sessions(context.get('user'))
    return context.json({
      user: context.get('user'),
      sessions: sessions.map((session) => ({ ...session, current: session.id === context.get('session') })),
    })
  })

  app.post('/api/sign-out-everywhere', verified(config), async (context) => {
    await management.endAllSessions(context.get('user'))
    return context.body(null, 204)
  })

  // The samples' own sign-in believes any name. A real one checks a password, a one-time code, an SSO…
  app.post('/session', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const identifier = (body as { identifier?: unknown } | undefined)?.identifier
    if (typeof identifier !== 'string' || !identifier.trim() || identifier.length > 200) {
      return context.json({ code: 'identifier_invalid' }, 400)
    }
    return context.json({ auth_result: await management.startSession(identifier.trim()) }, 201)
  })

  app.all('/api/*', (context) => context.json({ code: 'not_found' }, 404))
  app.use('*', serveStatic({ root: config.pages }))
  app.get('*', serveStatic({ root: config.pages, path: 'index.html' }))
  return app
}
