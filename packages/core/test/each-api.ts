import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthResult } from '@tokenkeep/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import type { TokenManager } from '../src/manager/api.ts'
import { createTokenManager } from '../src/manager/manager.ts'
import { memoryStore } from '../src/stores/store.ts'
import { sessionServer } from '../src/transports/session-server.ts'
import { authResult } from './tokens.ts'

// A test file that imports this file gets, for each test, a manager that is signed in, and an API and a token endpoint on
// one real server.

class Api {
  /** The requests that reached the API. */
  readonly seen: { token: string | undefined; body: string }[] = []
  /** Whether the API accepts a token. It answers 401 to the others. */
  accepts: (token: string) => boolean = () => true
  /** The header `WWW-Authenticate` of a 401. Default: none. */
  challenge: string | undefined
  refreshes = 0
  #issued = 0

  issue(): AuthResult {
    return authResult('s1', 'u1', `rt${++this.#issued}`, this.#issued)
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (request.url!.endsWith('/tokens')) {
      if (request.method === 'POST') this.refreshes += 1
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ auth_result: this.issue() }))
      return
    }
    const token = request.headers.authorization?.replace('Bearer ', '')
    this.seen.push({ token, body })
    const isAccepted = token !== undefined && this.accepts(token)
    const { challenge } = this
    response
      .writeHead(isAccepted ? 200 : 401, {
        ...(!isAccepted && challenge && { 'www-authenticate': challenge }),
      })
      .end(body)
  }
}

let server: Server
export let url: string
export let api: Api
export let auth: TokenManager<AuthResult>

beforeAll(async () => {
  server = createServer((request, response) => void api.answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

beforeEach(async () => {
  api = new Api()
  auth = createTokenManager({ transport: sessionServer({ url, appId: 'app' }), storage: memoryStore() })
  await auth.signIn(api.issue())
})
afterEach(() => {
  auth.dispose()
  vi.restoreAllMocks()
})

/**
 * Makes the API reject the current token from now on, and moves the clock on, so that the token has not just arrived.
 * Returns the token.
 */
export async function rejectCurrentToken(): Promise<string> {
  const old = await auth.getAuthToken()
  api.accepts = (token) => token !== old
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000)
  return old
}
