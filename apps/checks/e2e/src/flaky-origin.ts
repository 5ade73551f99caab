import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bundle } from './bundle.ts'

const page = `<!doctype html><title>tab</title><script type="module" src="/tab.js"></script>`

/** The script of every tab: it asks for a token again and again, and records what happens in `diary`. */
const script = (transport: string): string => `
  import { createAuthFetch, createTokenManager, oauth, sessionServer, withCookie } from '@tokenkeep/core'
  const diary = { states: [], events: [], codes: {}, tokens: 0, last: '' }
  const auth = createTokenManager({ transport: ${transport}, onEvent: (event) => diary.events.push(event) })
  diary.states.push(auth.get().status)
  auth.subscribe((state) => diary.states.push(state.status + (state.reason ? ':' + state.reason : '')))
  const ask = () =>
    auth.getAuthToken().then(
      (token) => ((diary.tokens += 1), (diary.last = token.slice(-8))),
      (error) => (diary.codes[error.code ?? error.name] = (diary.codes[error.code ?? error.name] ?? 0) + 1),
    )
  setInterval(ask, 200)
  Object.assign(globalThis, { auth, diary, authFetch: createAuthFetch(auth) })
`

/**
 * One origin that serves a page and forwards to the session server. It can lose responses: the server has committed, but the
 * connection closes before the client receives the response.
 */
export class FlakyOrigin {
  /** How requests for the server end: `up` forwards them, `hung` never responds, `broken` responds with 500. */
  state: 'up' | 'hung' | 'broken' = 'up'
  /** The responses that the origin has not sent. */
  readonly unanswered = new Set<ServerResponse>()
  /** The probability that the response to a refresh is lost, 0 to 1. */
  loss = 0
  /** Decides which responses are lost. */
  random: () => number = Math.random
  lost = 0
  readonly port: number
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://localhost:${this.port}`
  }

  /** `transport`: the source code of the transport that the page's manager uses. */
  static async start(
    port: number,
    upstream: () => string,
    transport = "sessionServer({ url: location.origin, appId: 'demo' })",
  ): Promise<FlakyOrigin> {
    const tab = await bundle(script(transport))
    const server = createServer((incoming, outgoing) => {
      if (incoming.url === '/tab.js') outgoing.setHeader('content-type', 'text/javascript').end(tab)
      else if (incoming.url === '/') outgoing.setHeader('content-type', 'text/html').end(page)
      else forward(incoming, outgoing)
    })
    const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      if (origin.state === 'hung') return void origin.unanswered.add(outgoing)
      if (origin.state === 'broken') return void outgoing.writeHead(500).end()
      const { method, headers, url } = incoming
      const onward = request(`${upstream()}${url}`, { method, headers }, (answer) => {
        if (method === 'POST' && url!.endsWith('/tokens') && origin.random() < origin.loss) {
          origin.lost += 1
          outgoing.destroy()
          return
        }
        outgoing.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      incoming.pipe(onward)
    }
    await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
    const origin = new FlakyOrigin(server)
    return origin
  }

  /** Recovers like a restarted server: closes the connections that hang. */
  recover(): void {
    this.state = 'up'
    for (const outgoing of this.unanswered) outgoing.destroy()
    this.unanswered.clear()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
