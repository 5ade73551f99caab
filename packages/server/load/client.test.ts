import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { connection, type Connection } from './client.ts'

async function against(listener: RequestListener, work: (to: Connection) => Promise<void>): Promise<void> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const to = connection((server.address() as AddressInfo).port)
  try {
    await work(to)
  } finally {
    to.close()
    server.closeAllConnections()
    server.close()
  }
}

it('reads one response after the other, with a length or in chunks', () =>
  against(
    (request, response) => {
      if (request.url === '/sized') return void response.setHeader('content-length', 5).end('sized')
      response.write('in chünks, ')
      setImmediate(() => response.end('x'.repeat(70_000)))
    },
    async (to) => {
      expect(await to.ask('GET', '/sized')).toEqual({ status: 200, body: 'sized' })
      expect(await to.ask('GET', '/chunked')).toEqual({
        status: 200,
        body: `in chünks, ${'x'.repeat(70_000)}`,
      })
      expect(await to.ask('GET', '/sized')).toEqual({ status: 200, body: 'sized' })
    },
  ))

it('rejects if the server has closed the connection', () =>
  against(
    (request) => void request.socket.destroy(),
    async (to) => {
      await expect(to.ask('GET', '/')).rejects.toThrow('the server closed a connection')
      await expect(to.ask('GET', '/')).rejects.toThrow('the server closed a connection')
    },
  ))
