import { getRequestListener, serve } from '@hono/node-server'
import type { RequestListener, Server } from 'node:http'
import type { SessionServer } from '../server.ts'

export interface ListenOptions {
  readonly port: number
  readonly host: string
  /** Seconds a client may take for the head of a request, and for all of it. */
  readonly headersTimeout: number
  readonly requestTimeout: number
}

export interface Listening {
  /** Refuses new connections, and resolves when requests under way are answered or `timeout` seconds are over. */
  close(timeout: number): Promise<void>
}

/** A request that Node could not even parse, or did not get in time. */
const answers: Record<string, [number, string, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request took too long'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers are too large'],
}

const receive =
  (server: SessionServer): Parameters<typeof getRequestListener>[0] =>
  (request, { incoming, outgoing }) =>
    server.fetch(request, { address: incoming.socket.remoteAddress, incoming, outgoing })

/** For Node's own `http`, Express and whatever else takes a `(request, response)` function. Mount it before body parsers. */
export const toNodeHandler = (server: SessionServer): RequestListener => getRequestListener(receive(server))

/** Serves HTTP on Node. Rejects where the port can't be had. */
export function listen(server: SessionServer, options: ListenOptions): Promise<Listening> {
  const { port, host, headersTimeout, requestTimeout } = options
  return new Promise((resolve, reject) => {
    const http = serve(
      {
        fetch: receive(server),
        port,
        hostname: host,
        serverOptions: {
          headersTimeout: headersTimeout * 1000,
          requestTimeout: requestTimeout * 1000,
          connectionsCheckingInterval: 1000,
          // Longer than proxies keep theirs: they never ask on a connection that is just being closed.
          keepAliveTimeout: 65_000,
        },
      },
      () => resolve({ close: (timeout) => close(http, timeout) }),
    ) as Server
    http.on('error', reject)
    http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (!socket.writable) return
      const [status, phrase, message] = answers[error.code ?? ''] ?? [
        400,
        'Bad Request',
        'not an HTTP request',
      ]
      const body = JSON.stringify({ code: 'invalid_request', error: message })
      socket.end(
        `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
          `content-length: ${body.length}\r\n\r\n${body}`,
      )
    })
  })
}

function close(http: Server, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection falls idle when its request is answered; one that stays busy has had its time.
    const idle = setInterval(() => http.closeIdleConnections(), 50)
    const hard = setTimeout(() => http.closeAllConnections(), timeout * 1000)
    http.close(() => {
      clearInterval(idle)
      clearTimeout(hard)
      resolve()
    })
    http.closeIdleConnections()
  })
}
