import { createFakeTokenManager, signedOut, valid } from '@tokenkeep/testing'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { followOrderEvents } from './order-events.ts'

test('a broken stream reconnects with the current token, after the last event it received', async () => {
  const requests: IncomingMessage[] = []
  const responses: ServerResponse[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    responses.push(response)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`retry: 1\nid: ${requests.length}\ndata: order ${requests.length}\n\n`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const fake = createFakeTokenManager({ state: valid('the.first.token') })
  const orders: string[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
  const stop = followOrderEvents(fake, url, (order) => orders.push(order))
  try {
    await vi.waitFor(() => expect(orders).toEqual(['order 1']))
    fake.set(valid('the.second.token'))
    responses[0]!.end()
    await vi.waitFor(() => expect(orders).toEqual(['order 1', 'order 2']))
    const [first, second] = requests.map(({ headers }) => headers)
    expect(first).toMatchObject({ authorization: 'Bearer the.first.token' })
    expect(second).toMatchObject({ authorization: 'Bearer the.second.token', 'last-event-id': '1' })

    const closed = once(responses[1]!, 'close')
    fake.set(signedOut())
    await closed
  } finally {
    stop()
    server.closeAllConnections()
    server.close()
  }
})
