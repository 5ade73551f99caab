import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { sessionsOf } from './sessions.ts'
import { verified } from './verify.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))

export const createApp = (config: Config) => {
  const startSession = sessionsOf(config)
  const app = new Hono()

  app.get('/config.json', (context) => context.json({ url: config.url, appId: config.appId }))

  app.get('/api/time', verified(config), (context) =>
    context.json({ time: new Date().toISOString(), user: context.get('user') }),
  )

  // The sample's own sign-in believes any name. A real one checks a password, a one-time code, an SSO…
  app.post('/session', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const identifier = (body as { identifier?: unknown } | undefined)?.identifier
    if (typeof identifier !== 'string' || !identifier.trim() || identifier.length > 200) {
      return context.json({ code: 'identifier_invalid' }, 400)
    }
    try {
      return context.json({ auth_result: await startSession(identifier.trim()) }, 201)
    } catch (error) {
      console.error(`POST /session: ${error instanceof Error ? error.message : 'failed'}`)
      return context.json({ code: 'session_server_unavailable' }, 502)
    }
  })

  app.all('/api/*', (context) => context.json({ code: 'not_found' }, 404))
  app.use('*', serveStatic({ root: dist }))
  app.get('*', serveStatic({ root: dist, path: 'index.html' }))
  return app
}
