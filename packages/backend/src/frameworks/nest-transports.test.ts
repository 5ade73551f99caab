import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo'
import { Controller, Module, UseGuards, type INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestIssuer } from '../../test/issuer.ts'
import type { Auth, AuthError, Backend } from '../index.ts'
import { authGuard, CurrentAuth } from './nest.ts'

const refusals: AuthError[] = []

function moduleOf(backend: Backend) {
  @Resolver()
  @UseGuards(authGuard(backend))
  class Users {
    @Query(() => String)
    me(@CurrentAuth() auth: Auth) {
      return auth.userId
    }
  }

  @WebSocketGateway()
  @UseGuards(authGuard(backend))
  class Sockets {
    @SubscribeMessage('me')
    me(@CurrentAuth() auth: Auth) {
      return auth.userId
    }
  }

  // TCP has no headers. An app that sends the token in its message says where it is.
  const fromMessage = authGuard(backend, {
    requestOf: (context) => ({
      headers: { authorization: context.switchToRpc().getData<{ token: string }>().token },
    }),
  })
  @Controller()
  class Messages {
    @MessagePattern('me')
    @UseGuards(fromMessage)
    me(@CurrentAuth() auth: Auth) {
      return auth.userId
    }

    @MessagePattern('guarded without requestOf')
    @UseGuards(authGuard(backend))
    guarded() {}
  }

  @Module({
    imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true })],
    controllers: [Messages],
    providers: [Users, Sockets],
  })
  class App {}
  return App
}

let issuer: TestIssuer
let app: INestApplication
let url: string
let client: ReturnType<typeof ClientProxyFactory.create>
beforeAll(async () => {
  issuer = await TestIssuer.start()
  const backend = issuer.backend({ cookie: 'auth', onRefusal: (error) => refusals.push(error) })
  app = await NestFactory.create(moduleOf(backend), { logger: false })
  const tcp = app.connectMicroservice({ transport: Transport.TCP, options: { port: 0, host: 'localhost' } })
  await app.startAllMicroservices()
  await app.listen(0, 'localhost')
  url = await app.getUrl()
  const { port } = tcp.unwrap<{ address(): AddressInfo }>().address()
  client = ClientProxyFactory.create({ transport: Transport.TCP, options: { port, host: 'localhost' } })
})
afterAll(async () => {
  await client.close()
  await app.close()
  await issuer.stop()
})

const query = async (headers: Record<string, string>) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ me }"}',
  })
  const { data, errors } = (await response.json()) as { data?: object; errors?: { extensions: object }[] }
  return { data, extensions: errors?.[0]?.extensions }
}

it('guards GraphQL (case K12)', async () => {
  const signedIn = await query({ authorization: `Bearer ${await issuer.sign()}` })
  expect(signedIn).toMatchObject({ data: { me: 'ada' } })
  expect(await query({})).toMatchObject({
    extensions: { code: 'token_missing', error: 'an auth token is needed' },
  })
  expect(refusals.at(-1)).toMatchObject({ code: 'token_missing' })
})

/** Asks through a new socket. Resolves to the answer or to the exception. */
async function ask(options: Partial<ManagerOptions & SocketOptions>): Promise<unknown> {
  const socket = io(url, { transports: ['websocket'], ...options })
  try {
    return await new Promise((resolve, reject) => {
      socket.on('connect_error', reject)
      socket.on('exception', resolve)
      socket.emit('me', {}, resolve)
    })
  } finally {
    socket.close()
  }
}

it('guards the messages of sockets (case K12)', async () => {
  const token = await issuer.sign()
  expect(await ask({ auth: { token } })).toBe('ada')
  expect(await ask({ extraHeaders: { authorization: `Bearer ${token}` } })).toBe('ada')
  expect(await ask({})).toMatchObject({ code: 'token_missing' })
  expect(await ask({ auth: { token: await issuer.sign({ exp: 1 }) } })).toMatchObject({
    code: 'token_expired',
  })
})

it('takes the cookie of a socket only from a page of the app (case K12)', async () => {
  const cookie = `auth=${await issuer.sign()}`
  expect(await ask({ extraHeaders: { cookie, origin: issuer.origin } })).toBe('ada')
  expect(await ask({ extraHeaders: { cookie, origin: 'https://evil.example' } })).toMatchObject({
    code: 'origin_not_allowed',
  })
  expect(await ask({ extraHeaders: { cookie } })).toMatchObject({ code: 'origin_not_allowed' })
})

const send = (pattern: string, data: object): Promise<unknown> =>
  new Promise((resolve) => client.send(pattern, data).subscribe({ next: resolve, error: resolve }))

it('guards RPC messages, and says what to do if the transport has no headers (case K12)', async () => {
  expect(await send('me', { token: `Bearer ${await issuer.sign()}` })).toBe('ada')
  expect(await send('me', {})).toMatchObject({ code: 'token_missing' })
  expect(await send('guarded without requestOf', {})).toMatchObject({ status: 'error' })
})
