import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../peers/peer.ts'
import { dialects, type Answer, type Asked } from './dialects.ts'
import { Rotation } from './rotation.ts'
import { other } from './other-routes.ts'
import { jwt } from './tokens.ts'

export type Fault = '429' | '500' | 'html' | 'lost'

/** Serves the token endpoint of each peer in its dialect, and the pages that run the peers. */
export class Endpoint {
  /** The fault of all refreshes from now on. `lost` happens once: the server rotates the token, and the response is lost. */
  fault: Fault | undefined
  /** How many refreshes have arrived. */
  requests = 0
  /** How many sign-out requests have arrived. */
  signOuts = 0
  /** True while the pages are offline. Code that forwards their requests must check it. */
  unreachable = false
  /** How long each refresh takes. Milliseconds. */
  delay = 0
  /** How far this clock is ahead of real time. The pages' clocks are ahead by as much. Milliseconds. */
  ahead = 0
  /** How long each access token lives. Seconds. */
  readonly lifetime = 3600
  origin = ''
  readonly #rotation: Rotation
  readonly #server: Server
  readonly #files: ReadonlyMap<string, string>

  private constructor(files: ReadonlyMap<string, string>, grace: number) {
    this.#files = files
    this.#rotation = new Rotation({ now: () => this.now(), grace })
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  /** `files`: the scripts of pages, by their path. `grace`: how long a used refresh token still gets its successor. Milliseconds. */
  static async start(files: ReadonlyMap<string, string> = new Map(), grace = 0): Promise<Endpoint> {
    const endpoint = new Endpoint(files, grace)
    await new Promise<void>((resolve) => endpoint.#server.listen(0, 'localhost', resolve))
    endpoint.origin = `http://localhost:${(endpoint.#server.address() as AddressInfo).port}`
    return endpoint
  }

  now(): number {
    return Date.now() + this.ahead
  }

  /** Creates a session, as if a user had just signed in. */
  open(): Session {
    return this.#session(this.#rotation.open())
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #session(refreshToken: string, issuer = this.origin): Session {
    const token = (): string => jwt(issuer, Rotation.idOf(refreshToken), this.now(), this.lifetime)
    return { accessToken: token(), idToken: token(), refreshToken, expiresIn: this.lifetime }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request)
    const dialect = dialects.find(({ path }) => path.test(asked.path) && request.method !== 'DELETE')
    const token = dialect?.token(asked)
    // No connection is used twice, because Chromium itself repeats a request if a used connection breaks.
    response.setHeader('connection', 'close')
    response.setHeader('cache-control', 'no-store')
    if (!dialect || token === undefined) return this.#rest(request, asked, response)

    this.requests += 1
    await sleep(this.delay)
    if (this.fault && this.fault !== 'lost') return fail(this.fault, response)
    const successor = dialect.looksUp
      ? this.#rotation.known(token)
      : this.#rotation.use(token, dialect.retryId?.(asked))
    if (this.fault === 'lost') {
      this.fault = undefined
      response.destroy()
      return
    }
    const issuer = issuerFor(asked, this.origin)
    send(response, successor ? dialect.issued(this.#session(successor, issuer), asked) : dialect.refused)
  }

  #rest(request: IncomingMessage, asked: Asked, response: ServerResponse): void {
    const script = this.#files.get(asked.path)
    if (script !== undefined) {
      response.setHeader('content-type', 'text/javascript').end(script)
      return
    }
    if (/logout|revoke|signout|sign-out/i.test(asked.path) || request.method === 'DELETE') {
      this.signOuts += 1
      this.#rotation.end(asked.fields['refresh_token'] ?? asked.fields['token'])
    }
    const known = other(asked, this.origin)
    if (known) send(response, known)
    else response.setHeader('content-type', 'text/html').end(page(asked.path))
  }
}

/** Returns the issuer as the peer's own servers write it: Okta with the path, Auth0 with a slash at the end. */
function issuerFor({ path, headers }: Asked, origin: string): string {
  if (path.startsWith('/oauth2/default/')) return `${origin}/oauth2/default`
  return headers['auth0-client'] ? `${origin}/` : origin
}

/** Returns the page for a path. At `/run/NAME`, the page runs the script NAME. */
const page = (path: string): string =>
  `<!doctype html><title>bench</title><link rel="icon" href="data:,">${path.startsWith('/run/') ? `<script type="module" src="${path.replace('/run/', '/scripts/')}.js"></script>` : ''}`

async function read(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
  const body = await text(request)
  const fields = body.startsWith('{')
    ? (JSON.parse(body) as Record<string, string>)
    : Object.fromEntries(new URLSearchParams(body))
  return {
    path: pathname,
    fields: { ...Object.fromEntries(searchParams), ...fields },
    headers: request.headers,
  }
}

function send(response: ServerResponse, { status, body, cookie }: Answer): void {
  if (cookie !== undefined) response.setHeader('set-cookie', `session=${cookie}; HttpOnly; Path=/`)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function fail(fault: Exclude<Fault, 'lost'>, response: ServerResponse): void {
  if (fault === 'html') {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Welcome to our Wi-Fi</title>')
  } else {
    response.setHeader('retry-after', '1')
    const message = fault === '429' ? 'Too many requests' : 'Internal server error'
    send(response, { status: Number(fault), body: { message } })
  }
}
