import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import express from 'express'
import express4 from 'express-4'
import fastify from 'fastify'
import { Hono } from 'hono'
import { expectTypeOf } from 'vitest'
import { requireAuth as expressAuth } from './express.ts'
import { requireAuth as fastifyAuth } from './fastify.ts'
import { requireAuth as honoAuth } from './hono.ts'
import type { Auth } from '../index.ts'
import { admins, broken, earlier, frameworkContract } from '../../test/framework-contract.ts'

const versions = { 'express 5': express, 'express 4 (case K12)': express4 }
for (const [name, version] of Object.entries(versions))
  frameworkContract(name, async (backend) => {
    const app = version()
    app.use((_request, response, next) => {
      response.set(earlier)
      next()
    })
    app.get('/me', expressAuth(backend), (request, response) => {
      expectTypeOf(request.auth).toEqualTypeOf<Auth | undefined>()
      response.json({ userId: request.auth?.userId })
    })
    app.post('/admin', expressAuth(backend, admins), (_request, response) => {
      response.sendStatus(204)
    })
    app.get('/broken', expressAuth(backend, broken), (_request, response) => {
      response.sendStatus(204)
    })
    app.use(((_error, _request, response, _next) => {
      response.sendStatus(500)
    }) satisfies express.ErrorRequestHandler)
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, resolve))
    return {
      url: `http://localhost:${(server.address() as AddressInfo).port}`,
      stop: () => new Promise((resolve) => server.close(resolve)),
    }
  })

frameworkContract('fastify', async (backend) => {
  const app = fastify()
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(earlier)
  })
  app.get('/me', { onRequest: fastifyAuth(backend) }, (request) => {
    expectTypeOf(request.auth).toEqualTypeOf<Auth | undefined>()
    return { userId: request.auth?.userId }
  })
  app.post('/admin', { onRequest: fastifyAuth(backend, admins) }, (_request, reply) => reply.code(204).send())
  app.get('/broken', { onRequest: fastifyAuth(backend, broken) }, (_request, reply) => reply.code(204).send())
  return { url: await app.listen(), stop: () => app.close() }
})

frameworkContract('hono', async (backend) => {
  const app = new Hono()
  app.use(async (c, next) => {
    for (const [header, value] of Object.entries(earlier)) c.header(header, value)
    await next()
  })
  app.get('/me', honoAuth(backend), (c) => {
    expectTypeOf(c.get('auth')).toEqualTypeOf<Auth>()
    return c.json({ userId: c.get('auth').userId })
  })
  app.post('/admin', honoAuth(backend, admins), (c) => c.body(null, 204))
  app.get('/broken', honoAuth(backend, broken), (c) => c.body(null, 204))
  app.onError((_error, c) => c.text('', 500))
  const server = serve({ fetch: app.fetch, port: 0 })
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
})
