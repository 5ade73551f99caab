import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freePort } from '../../../scripts/lib/free-port.ts'
import type { Revocation } from '../src/index.ts'

/** A revocation feed whose faults a test chooses. It stores nothing: the test sets the backlog. */
export class TestFeed {
  /** Sent to each new connection, before the `ready` event. */
  backlog: readonly Revocation[] = []
  /** Returns the error to answer a request with. Default: undefined, which accepts the request. */
  refuse: (cursor: unknown) => { status: number; code: string } | undefined = () => undefined
  readonly connections: {
    readonly headers: IncomingMessage['headers']
    readonly response: ServerResponse
  }[] = []
  #port: number
  #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  static async start(): Promise<TestFeed> {
    const feed = new TestFeed(await listen(await freePort()))
    feed.#server.on('request', feed.#answer)
    return feed
  }

  get url(): string {
    return `http://localhost:${this.#port}`
  }

  get lastConnection() {
    return this.connections.at(-1)!
  }

  send(revocation: Revocation): void {
    this.lastConnection.response.write(toEvent(revocation))
  }

  /** Cuts all connections and accepts no new ones. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async restart(): Promise<void> {
    this.#server = await listen(this.#port)
    this.#server.on('request', this.#answer)
  }

  readonly #answer = ({ headers, url }: IncomingMessage, response: ServerResponse): void => {
    if (url !== '/v1/apps/demo/revocations') return void response.writeHead(404).end()
    this.connections.push({ headers, response })
    const refused = this.refuse(headers['last-event-id'])
    if (refused) {
      return void response.writeHead(refused.status).end(JSON.stringify({ code: refused.code, error: 'no' }))
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // All entries go into one write, because 100,000 writes would take seconds.
    response.write(`: hello\n\n${this.backlog.map(toEvent).join('')}`)
    const cursor = this.backlog.at(-1)?.id ?? headers['last-event-id'] ?? '0'
    return void response.write(`event: ready\ndata: ${JSON.stringify({ cursor })}\n\n`)
  }
}

const toEvent = (revocation: Revocation): string =>
  `id: ${revocation.id}\nevent: revocation\ndata: ${JSON.stringify(revocation)}\n\n`

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, 'localhost', () => resolve(server))
  })
