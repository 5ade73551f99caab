import { serveStatic } from '@hono/node-server/serve-static'
import { createBackend } from '@tokenkeep/backend'
import { Hono } from 'hono'
import { isName, startSession } from './accounts.ts'
import { createApi, sessionServerUnavailable } from './api.ts'
import type { Config } from './config.ts'

export const createApp = (config: Config) => {
  const tokenkeep = createBackend(config)
  const app = new Hono()
  app.onError(sessionServerUnavailable)
  app.route('/', createApi(tokenkeep))

  app.get('/config.json', (context) => context.json({ url: config.url, appId: config.appId }))

  // This sample accepts any name. A real sign-in checks a password, a one-time code or a single sign-on.
  app.post('/session', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined)
    const identifier = (body as { identifier?: unknown } | undefined)?.identifier
    if (!isName(identifier)) return context.json({ code: 'identifier_invalid' }, 400)
    return context.json({ auth_result: await startSession(tokenkeep, identifier.trim()) }, 201)
  })

  app.use('*', serveStatic({ root: config.pages }))
  app.get('*', serveStatic({ root: config.pages, path: 'index.html' }))
  return app
}
