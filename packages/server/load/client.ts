import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One kept-alive connection that asks one thing at a time: as cheap as a client can be, so that the server is what is measured. */
export interface Connection {
  ask(method: string, path: string, body?: string, headers?: string): Promise<Answer>
  close(): void
}

const headEnd = Buffer.from('\r\n\r\n')

export function connection(port: number): Connection {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = Buffer.alloc(0)
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined

  socket.on('data', (chunk) => {
    received = received.length ? Buffer.concat([received, chunk]) : chunk
    const end = received.indexOf(headEnd)
    if (end < 0) return
    const head = received.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (received.length < end + 4 + length) return
    const body = received.toString('utf8', end + 4, end + 4 + length)
    received = received.subarray(end + 4 + length)
    settle?.resolve({ status: Number(head.slice(9, 12)), body })
  })
  const fail = (error?: Error): void => settle?.reject(error ?? new Error('the server closed a connection'))
  socket.on('error', fail)
  socket.on('close', () => fail())

  return {
    ask: (method, path, body = '', headers = '') =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        const length = Buffer.byteLength(body)
        socket.write(
          `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\norigin: https://app.example\r\n` +
            `${/^content-type:/im.test(headers) ? '' : 'content-type: application/json\r\n'}${headers}content-length: ${length}\r\n\r\n${body}`,
        )
      }),
    close: () => socket.destroy(),
  }
}
