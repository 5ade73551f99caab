import express, { type Express } from 'express'
import { createSessionServer, toNodeHandler, type SessionServerOptions } from '@tokenkeep/server'

/** Your own Express app, with the session server under `/auth`: `baseUrl` ends in `/auth` too. */
export function createApp(options: SessionServerOptions): Express {
  const sessions = createSessionServer(options)
  const app = express()
  // Mount it before any body parser, because the session server reads the bodies itself.
  app.use('/auth', toNodeHandler(sessions))
  app.use(express.json())
  app.get('/', (_request, response) => void response.type('text/plain').send('our own page'))
  return app
}
