import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthResult } from '@tokenkeep/protocol'
import { createServerSessions } from '@tokenkeep/ssr'
import express from 'express'
import { Hono } from 'hono'
import { afterAll, afterEach } from 'vitest'
import { sessionContract } from '../../../../packages/ssr/test/contract/contract.ts'
import {
  origin,
  plainRoutes,
  renderComponents,
  type MakeApp,
} from '../../../../packages/ssr/test/plain-app.ts'
import * as withExpress from './server-sessions-express.ts'
import { withSession, type SessionVariables } from './server-sessions-hono.ts'

// The contract of every adapter, for the recipes that need no build. A page may be kept by a cache, unless it sets a cookie.

const hono: MakeApp = (options) => {
  const sessions = createServerSessions({ origin, ...options })
  const routes = plainRoutes(sessions, options)
  const app = new Hono<SessionVariables>()
  for (const path of ['/component', '/proxied', '/orders', '/api/orders'])
    app.all(path, (c) => routes[path]!(c.req.raw))
  app.all('/auth/*', (c) => sessions.handler(c.req.raw))
  app.use(withSession(sessions))
  app.get('/page', async (c) => {
    await options.whileRendering?.(c.req.raw)
    c.header('cache-control', 's-maxage=60')
    return c.json(await renderComponents(c.get('session')))
  })
  app.get('/redirect', (c) => c.redirect('/page', 303))
  app.post('/leave', (c) => {
    c.get('session').signOut()
    return c.body(null)
  })
  app.on(['POST', 'OPTIONS'], '/action', async (c) => c.body(await c.req.text()))
  app.post('/sign-in', async (c) => {
    if (!sessions.isSameOrigin(c.req.raw)) return c.body(null, 403)
    await c.get('session').signIn(await options.openSession(c.req.query('user')!))
    return c.body(null)
  })
  return { fetch: async (request) => app.fetch(request) }
}
sessionContract('Hono', hono)

const servers: Server[] = []
const close = (): void =>
  servers.splice(0).forEach((server) => server.closeAllConnections() ?? server.close())
afterEach(close)
afterAll(close)

const overExpress: MakeApp = (options) => {
  const sessions = createServerSessions<AuthResult>({ origin, ...options })
  const routes = plainRoutes(sessions, options)
  const app = express()
  for (const path of ['/component', '/proxied', '/orders', '/api/orders'])
    app.all(path, withExpress.answerWith(routes[path]!))
  app.all('/auth/{*path}', withExpress.answerWith(sessions.handler))
  app.use(withExpress.withSession(sessions))
  app.get('/page', async (request, response) => {
    await options.whileRendering?.(new Request(`${origin}${request.originalUrl}`))
    if (!response.hasHeader('cache-control')) response.set('cache-control', 's-maxage=60')
    const rendered = await renderComponents(response.locals['session'])
    await withExpress.writeSession(response)
    response.json(rendered)
  })
  app.get('/redirect', (_, response) => response.redirect(303, '/page'))
  app.post('/leave', async (_, response) => {
    response.locals['session'].signOut()
    await withExpress.writeSession(response)
    response.end()
  })
  app.all('/action', express.text({ type: '*/*' }), (request, response) => void response.send(request.body))
  app.post('/sign-in', async (request, response) => {
    const headers = new Headers(request.headers as Record<string, string>)
    if (!sessions.isSameOrigin({ headers })) return void response.status(403).end()
    await response.locals['session'].signIn(await options.openSession(String(request.query['user'])))
    await withExpress.writeSession(response)
    return void response.end()
  })
  const server = createServer(app)
  servers.push(server)
  const listening = new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  )
  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const { method, headers } = request
      const body = ['GET', 'HEAD', 'OPTIONS'].includes(method) ? {} : { body: await request.text() }
      return fetch(`${await listening}${pathname}${search}`, { method, headers, redirect: 'manual', ...body })
    },
  }
}
sessionContract('Express', overExpress)
