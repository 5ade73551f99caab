import { AuthError, type Auth, type Backend, type RevocationsOptions } from '@tokenkeep/backend'
import { createFakeTokenManager, fakeSession, refreshing, signedOut, valid } from '@tokenkeep/testing'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { followOrders } from './live-orders.ts'
import { serveOrders } from './orders-server.ts'

let server: WebSocketServer
let url: string
let stop: () => void
/** The tokens that the server accepts. */
let good: Set<string>
/** Every token that a client has sent, in order. */
let shown: string[]
let addresses: (string | undefined)[]
let open: WebSocket[]
let revoke: NonNullable<RevocationsOptions['onRevocation']>
let orders: string[]

const backend: Pick<Backend, 'verifyAuthToken' | 'revocations'> = {
  async verifyAuthToken(token) {
    shown.push(token)
    if (!good.has(token)) throw new AuthError('token_expired')
    return { userId: fakeSession.userId, sessionId: fakeSession.id } as Auth
  },
  revocations({ onRevocation }) {
    revoke = onRevocation!
    return undefined as never
  },
}

/** Waits until `count` connections have sent a valid token. Returns the newest connection. */
const connection = (count: number): Promise<WebSocket> =>
  vi.waitFor(() => {
    expect(open).toHaveLength(count)
    return open.at(-1)!
  })

beforeEach(async () => {
  ;[good, shown, addresses, open, orders] = [new Set(['the.first.token']), [], [], [], []]
  vi.spyOn(Math, 'random').mockReturnValue(0)
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.on('connection', (_, request) => addresses.push(request.url))
  serveOrders(server, backend, (socket) => open.push(socket))
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
})
afterEach(() => {
  stop()
  for (const socket of server.clients) socket.terminate()
  server.close()
  vi.restoreAllMocks()
})

const follow = (fake: ReturnType<typeof createFakeTokenManager>) => {
  stop = followOrders(fake, url, (order) => orders.push(order))
}

test('each connection sends the current token in a message, never in the address', async () => {
  const fake = createFakeTokenManager({ state: valid('the.first.token') })
  follow(fake)
  const first = await connection(1)
  first.send('Pancakes')

  // A refresh does not close the connection. A reconnect waits for a refresh that is running.
  fake.set(refreshing())
  await vi.waitFor(() => expect(orders).toEqual(['Pancakes']))
  expect(first.readyState).toBe(first.OPEN)
  const asked = vi.spyOn(fake, 'getAuthToken')
  first.terminate()
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  expect(open).toHaveLength(1)

  good.add('the.second.token')
  fake.set(valid('the.second.token'))
  ;(await connection(2)).send('Waffles')
  await vi.waitFor(() => expect(orders).toEqual(['Pancakes', 'Waffles']))
  expect(addresses).toEqual(['/orders', '/orders'])
  stop()
  expect(fake.subscriptions).toBe(0)
})

test('a token that the server refused is not sent again: the client asks for a new one', async () => {
  good = new Set(['the.fresh.token'])
  const fake = createFakeTokenManager({ state: valid('the.stale.token') })
  const ask = fake.getAuthToken
  vi.spyOn(fake, 'getAuthToken').mockImplementation(async (options) => {
    if (options?.rejected === 'the.stale.token') fake.set(valid('the.fresh.token'))
    return ask(options)
  })
  follow(fake)
  await connection(1)
  expect(shown).toEqual(['the.stale.token', 'the.fresh.token'])
})

test('if the session is revoked elsewhere, the connection closes and the client learns that it is signed out', async () => {
  const fake = createFakeTokenManager({ state: valid('the.first.token') })
  follow(fake)
  await connection(1)
  const asked = vi.spyOn(fake, 'getAuthToken').mockImplementation(async ({ rejected } = {}) => {
    // The manager does this if the session server says that the session has ended.
    fake.set(signedOut('revoked'))
    throw new Error(`${rejected} is over`)
  })
  const ended = { type: 'session', session_id: fakeSession.id, user_id: fakeSession.userId }
  revoke({ ...ended, session_id: 'another' } as Parameters<typeof revoke>[0])
  expect(open[0]!.readyState).toBe(open[0]!.OPEN)
  revoke(ended as Parameters<typeof revoke>[0])
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ rejected: 'the.first.token' }))
  await vi.waitFor(() => expect(server.clients.size).toBe(0))
})

test('a sign-out closes the connection for good, and the next user gets a new one', async () => {
  const fake = createFakeTokenManager({ state: valid('the.first.token') })
  follow(fake)
  await connection(1)
  fake.set(signedOut())
  await vi.waitFor(() => expect(server.clients.size).toBe(0))
  expect(shown).toHaveLength(1)
  good.add('of.another.user')
  fake.set(valid('of.another.user', { ...fakeSession, id: 'session-2', userId: 'user-2' }))
  await connection(2)
  expect(shown).toEqual(['the.first.token', 'of.another.user'])
})
