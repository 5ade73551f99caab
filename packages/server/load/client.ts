import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One keep-alive connection with one request at a time. It uses little CPU time, so that a load test measures the server. */
export interface Connection {
  ask(method: string, path: string, body?: string, headers?: string): Promise<Answer>
  close(): void
}

const LINE_END = Buffer.from('\r\n')
const HEAD_END = Buffer.from('\r\n\r\n')

/** Reads a body that begins at `start`, and its end. Returns undefined while it is incomplete. */
type ReadBody = (from: Buffer, start: number) => { body: Buffer; end: number } | undefined

const sized = (head: string): ReadBody => {
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return (from, start) => {
    const end = start + length
    return from.length < end ? undefined : { body: from.subarray(start, end), end }
  }
}

const chunked: ReadBody = (from, start) => {
  const chunks: Buffer[] = []
  for (let at = start; ;) {
    const line = from.indexOf(LINE_END, at)
    if (line < 0) return undefined
    const length = Number.parseInt(from.toString('latin1', at, line), 16)
    const end = line + 2 + length
    if (from.length < end + 2) return undefined
    if (length === 0) return { body: Buffer.concat(chunks), end: end + 2 }
    chunks.push(from.subarray(line + 2, end))
    at = end + 2
  }
}

export function connection(port: number): Connection {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = Buffer.alloc(0)
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined

  socket.on('data', (chunk) => {
    received = received.length ? Buffer.concat([received, chunk]) : chunk
    const end = received.indexOf(HEAD_END)
    if (end < 0) return
    const head = received.toString('latin1', 0, end)
    const read = /\r\ntransfer-encoding: chunked/i.test(head) ? chunked : sized(head)
    const found = read(received, end + 4)
    if (!found) return
    received = received.subarray(found.end)
    settle?.resolve({ status: Number(head.slice(9, 12)), body: found.body.toString() })
  })
  const fail = (error?: Error): void => settle?.reject(error ?? new Error('the server closed a connection'))
  socket.on('error', fail)
  socket.on('close', () => fail())

  return {
    ask: (method, path, body = '', headers = '') =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        if (socket.destroyed) return fail()
        const length = Buffer.byteLength(body)
        socket.write(
          `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\norigin: https://app.example\r\n` +
            `${/^content-type:/im.test(headers) ? '' : 'content-type: application/json\r\n'}${headers}content-length: ${length}\r\n\r\n${body}`,
        )
      }),
    close: () => socket.destroy(),
  }
}
