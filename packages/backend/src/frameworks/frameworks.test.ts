import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { expectTypeOf } from 'vitest'
import { requireAuth as express5 } from './express.ts'
import { requireAuth as fastify5 } from './fastify.ts'
import { requireAuth as hono } from './hono.ts'
import type { Auth } from '../index.ts'
import { admins, broken, frameworkContract } from '../../test/framework-contract.ts'

frameworkContract('express', async (backend) => {
  const app = express()
  app.get('/me', express5(backend), (request, response) => {
    expectTypeOf(request.auth).toEqualTypeOf<Auth | undefined>()
    response.json({ userId: request.auth?.userId })
  })
  app.post('/admin', express5(backend, admins), (_request, response) => response.sendStatus(204))
  app.get('/broken', express5(backend, broken), (_request, response) => response.sendStatus(204))
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
  app.get('/me', { onRequest: fastify5(backend) }, (request) => {
    expectTypeOf(request.auth).toEqualTypeOf<Auth | undefined>()
    return { userId: request.auth?.userId }
  })
  app.post('/admin', { onRequest: fastify5(backend, admins) }, (_request, reply) => reply.code(204).send())
  app.get('/broken', { onRequest: fastify5(backend, broken) }, (_request, reply) => reply.code(204).send())
  return { url: await app.listen(), stop: () => app.close() }
})

frameworkContract('hono', async (backend) => {
  const app = new Hono()
  app.get('/me', hono(backend), (c) => {
    expectTypeOf(c.get('auth')).toEqualTypeOf<Auth>()
    return c.json({ userId: c.get('auth').userId })
  })
  app.post('/admin', hono(backend, admins), (c) => c.body(null, 204))
  app.get('/broken', hono(backend, broken), (c) => c.body(null, 204))
  app.onError((_error, c) => c.text('', 500))
  const server = serve({ fetch: app.fetch, port: 0 })
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
})
