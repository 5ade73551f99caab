import { createFakeTokenManager, fakeSession, refreshing, signedOut, valid } from '@tokenkeep/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followOrders } from './live-orders.ts'

/** A connection whose other end is the test. */
class Socket extends EventTarget {
  static all: Socket[] = []
  readonly sent: string[] = []
  onopen?: () => void
  onmessage?: (event: { data: string }) => void
  onclose?: () => void
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    Socket.all.push(this)
  }
  send(message: string): void {
    this.sent.push(message)
  }
  close(): void {
    this.onclose?.()
  }
}
/** The newest connection, once there are `count`. */
const socket = (count: number): Promise<Socket> =>
  vi.waitFor(() => {
    expect(Socket.all).toHaveLength(count)
    return Socket.all.at(-1)!
  })

beforeEach(() => {
  Socket.all = []
  vi.stubGlobal('WebSocket', Socket)
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('each connection brings the token of its time, in a message and never in the address', async () => {
  const fake = createFakeTokenManager({ state: valid('the.first.token') })
  const orders: string[] = []
  const stop = followOrders(fake, 'wss://api.example.com/orders', (order) => orders.push(order))
  const first = await socket(1)
  first.onopen!()
  first.onmessage!({ data: 'Pancakes' })
  expect(first.sent).toEqual(['{"token":"the.first.token"}'])

  // A refresh leaves it alone; a break waits for one that is under way.
  fake.set(refreshing())
  expect(Socket.all).toHaveLength(1)
  first.onclose!()
  await new Promise((resolve) => setTimeout(resolve))
  expect(Socket.all).toHaveLength(1)
  fake.set(valid('the.second.token'))
  const second = await socket(2)
  second.onopen!()
  second.onmessage!({ data: 'Waffles' })
  expect(second.sent).toEqual(['{"token":"the.second.token"}'])
  expect(orders).toEqual(['Pancakes', 'Waffles'])
  expect(Socket.all.map(({ url }) => url).join()).not.toContain('token')
  stop()
  expect(fake.subscriptions).toBe(0)
})

test('a sign-out closes it for good, and the next user gets a connection of their own', async () => {
  const fake = createFakeTokenManager()
  const stop = followOrders(fake, 'wss://api.example.com/orders', () => undefined)
  const first = await socket(1)
  const closed = vi.spyOn(first, 'close')
  fake.set(signedOut())
  expect(closed).toHaveBeenCalledOnce()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(Socket.all).toHaveLength(1)
  fake.set(valid('of.another.user', { ...fakeSession, id: 'session-2', userId: 'user-2' }))
  ;(await socket(2)).onopen!()
  expect(Socket.all[1]!.sent).toEqual(['{"token":"of.another.user"}'])
  stop()
})
