import { Hono } from 'hono'
import { getConnInfo } from '@hono/node-server/conninfo'
import { createSessionServer, type SessionServerOptions } from '@tokenkeep/server'

/** Your own Hono app, with the session server under `/auth`: `baseUrl` ends in `/auth` too. */
export function createApp(options: SessionServerOptions): Hono {
  const sessions = createSessionServer(options)
  const app = new Hono()
  app.get('/', (c) => c.text('our own page'))
  app.all('/auth/*', (c) => {
    const url = new URL(c.req.url)
    url.pathname = url.pathname.slice('/auth'.length)
    return sessions.fetch(new Request(url, c.req.raw), { address: getConnInfo(c).remote.address })
  })
  return app
}
