import { getRequestListener, serve } from '@hono/node-server'
import type { RequestListener, Server } from 'node:http'
import type { SessionServer } from './session-server.ts'

export interface ListenOptions {
  readonly port: number
  readonly host: string
  /** Seconds that a client can take to send the headers of a request. */
  readonly headersTimeout: number
  /** Seconds that a client can take to send a whole request. */
  readonly requestTimeout: number
}

export interface Listening {
  /** Refuses new connections. Resolves when the open requests are answered, or after `timeout` seconds. */
  close(timeout: number): Promise<void>
}

/** The status, phrase and message for requests that Node could not parse, or that came too slowly. */
const PARSE_ERRORS: Record<string, [number, string, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request took too long: send it faster'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers are too large: send fewer'],
}

/** Longer than the timeout of common proxies, so that a proxy never sends a request on a connection that is closing. */
const KEEP_ALIVE_MS = 65_000
const TIMEOUT_CHECK_INTERVAL_MS = 1000
const IDLE_CHECK_INTERVAL_MS = 50

const fetchOf =
  (server: SessionServer): Parameters<typeof getRequestListener>[0] =>
  (request, { incoming, outgoing }) =>
    server.fetch(request, { address: incoming.socket.remoteAddress, incoming, outgoing })

/**
 * Returns the `(request, response)` function of a session server, for `node:http`, Express and similar frameworks. Mount it before
 * any body parser.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createSessionServer, deriveKeys, openStore, readMasterKey, toNodeHandler } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const keys = deriveKeys(readMasterKey('./data'))
 * const sessionServer = createSessionServer({ store, keys, baseUrl: 'http://localhost:4000' })
 * createServer(toNodeHandler(sessionServer)).listen(4000)
 * ```
 */
export const toNodeHandler = (server: SessionServer): RequestListener => getRequestListener(fetchOf(server))

/** Serves HTTP on Node. Rejects if the port is not available. */
export function listen(server: SessionServer, options: ListenOptions): Promise<Listening> {
  const { port, host, headersTimeout, requestTimeout } = options
  return new Promise((resolve, reject) => {
    const http = serve(
      {
        fetch: fetchOf(server),
        port,
        hostname: host,
        serverOptions: {
          headersTimeout: headersTimeout * 1000,
          requestTimeout: requestTimeout * 1000,
          connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
          keepAliveTimeout: KEEP_ALIVE_MS,
        },
      },
      () => resolve({ close: (timeout) => close(http, timeout) }),
    ) as Server
    http.on('error', reject)
    http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (!socket.writable) return
      const [status, phrase, message] = PARSE_ERRORS[error.code ?? ''] ?? [
        400,
        'Bad Request',
        'this is not an HTTP request',
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
    // A connection becomes idle when its request is answered. The connections still open after the timeout are cut.
    const closeIdle = setInterval(() => http.closeIdleConnections(), IDLE_CHECK_INTERVAL_MS)
    const closeAll = setTimeout(() => http.closeAllConnections(), timeout * 1000)
    http.close(() => {
      clearInterval(closeIdle)
      clearTimeout(closeAll)
      resolve()
    })
    http.closeIdleConnections()
  })
}
