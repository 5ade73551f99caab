import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBackend, ManagementError, type Backend } from '../index.ts'

/** A status with a body and headers, or a connection that breaks. */
type CannedResponse = { status: number; body?: unknown; headers?: Record<string, string> } | 'cut'

interface ReceivedRequest {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** A server whose responses a test chooses, because the real server does not fail on demand. */
let server: Server
let responses: CannedResponse[]
let requests: ReceivedRequest[]
let backend: Backend
const user = { status: 200, body: { user: { id: 'ada' } } }

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request)
    const { method, url, headers } = request
    requests.push({ method, url, headers, body: body && JSON.parse(body) })
    const canned = responses.shift() ?? { status: 200 }
    if (canned === 'cut') return response.destroy()
    response.writeHead(canned.status, canned.headers)
    return response.end(typeof canned.body === 'string' ? canned.body : JSON.stringify(canned.body))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  responses = []
  requests = []
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  backend = createBackend({ url, appId: 'demo', apiKey: 'tk1.secret' })
})

const failure = (promise: Promise<unknown>): Promise<ManagementError> =>
  promise.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error as ManagementError,
  )
const unavailable = { status: 503, body: { code: 'unavailable', error: 'try again' } }

describe('a request', () => {
  it('names the app in its path and carries the API key in a header', async () => {
    responses = [user]
    await backend.users.get('ada')
    expect(requests).toMatchObject([{ method: 'GET', url: '/v1/apps/demo/users/ada' }])
    expect(requests[0]!.headers.authorization).toBe('Bearer tk1.secret')
  })

  it('encodes ids, and rejects ids that would change the path', async () => {
    responses = [user]
    await backend.users.get('../settings?a=b')
    expect(requests[0]!.url).toBe('/v1/apps/demo/users/..%2Fsettings%3Fa%3Db')
    for (const id of ['', '.', '..', undefined as unknown as string])
      await expect(backend.users.delete(id)).rejects.toThrow(TypeError)
    await expect(backend.users.endSession('ada', '..')).rejects.toThrow(TypeError)
    expect(requests).toHaveLength(1)
  })

  it('sends the query of a list without the fields that are not set', async () => {
    responses = [{ status: 200, body: { users: [], total_users: 0, page: 2, limit: 50 } }]
    await backend.users.list({ page: 2, limit: 50, search: 'a&b' })
    expect(requests[0]!.url).toBe('/v1/apps/demo/users?page=2&limit=50&search=a%26b')
  })

  it('sends the version of the settings as If-Match', async () => {
    responses = [{ status: 200, body: { app: { version: 8 } } }]
    await backend.settings.update({ refresh_enabled: true }, { version: 7 })
    expect(requests[0]).toMatchObject({ method: 'PATCH', body: { refresh_enabled: true } })
    expect(requests[0]!.headers['if-match']).toBe('"7"')
  })
})

describe('a response', () => {
  const notFound = (code: string) => ({ status: 404, body: { code, error: 'no such thing' } })

  it('with user_not_found resolves get() to undefined, and rejects calls that need the user', async () => {
    responses = [notFound('user_not_found')]
    expect(await backend.users.get('nobody')).toBeUndefined()
    const { users } = backend
    for (const call of [
      () => users.update('nobody', {}),
      () => users.activate('nobody'),
      () => users.deactivate('nobody'),
      () => users.revokeRefreshTokens('nobody'),
      () => users.createSession('nobody'),
      () => users.listSessions('nobody'),
      () => users.endSession('nobody', 'session'),
    ]) {
      responses = [notFound('user_not_found')]
      expect(await failure(call())).toMatchObject({ code: 'user_not_found', status: 404 })
    }
  })

  it('with user_not_found resolves delete(), and with not_found endSession()', async () => {
    responses = [notFound('user_not_found'), notFound('not_found')]
    await backend.users.delete('nobody')
    await backend.users.endSession('ada', 'ended')
    expect(requests).toHaveLength(2)
  })

  it("with an error rejects with the server's code and message, and a link", async () => {
    responses = [{ status: 409, body: { code: 'conflict', error: 'this user exists already' } }]
    const error = await failure(backend.users.create({ identifier: 'ada' }))
    expect(error).toMatchObject({
      code: 'conflict',
      status: 409,
      message: 'this user exists already. https://tokenkeep.dev/errors/#conflict',
    })
    expect(error).toBeInstanceOf(ManagementError)
  })

  it('rejects with unexpected_answer if it is an HTML page or a redirect', async () => {
    for (const canned of [
      { status: 200, body: '<!doctype html>' },
      { status: 404, body: '<!doctype html>' },
      { status: 302, headers: { location: 'https://evil.example/' } },
    ]) {
      responses = [canned]
      expect(await failure(backend.users.get('ada'))).toMatchObject({ code: 'unexpected_answer' })
    }
  })

  it('never puts the API key into an error', async () => {
    const { inspect } = await import('node:util')
    responses = [{ status: 401, body: { code: 'invalid_access_token', error: 'no' } }]
    const refused = await failure(backend.users.get('ada'))
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('secret')
  })
})

describe('retrying', () => {
  it('repeats idempotent calls until a response arrives', async () => {
    for (const call of [
      () => backend.users.get('ada'),
      () => backend.users.deactivate('ada'),
      () => backend.users.activate('ada'),
    ]) {
      requests = []
      responses = ['cut', unavailable, user]
      await call()
      expect(requests).toHaveLength(3)
    }
    for (const call of [
      () => backend.users.revokeRefreshTokens('ada'),
      () => backend.users.delete('ada'),
      () => backend.users.endSession('ada', 'session'),
    ]) {
      requests = []
      responses = ['cut', { status: 502, body: 'Bad Gateway' }]
      await call()
      expect(requests).toHaveLength(3)
    }
  })

  it('never repeats a call that could take effect twice', async () => {
    for (const call of [
      () => backend.users.create({ identifier: 'ada' }),
      () => backend.users.createSession('ada'),
      () => backend.users.update('ada', {}),
      () => backend.settings.update({}),
    ])
      for (const canned of ['cut', unavailable] as const) {
        requests = []
        responses = [canned]
        expect((await failure(call())).code).toBe(canned === 'cut' ? 'unreachable' : 'unavailable')
        expect(requests).toHaveLength(1)
      }
  })

  it('repeats every call after a 429, once the seconds in Retry-After have passed', async () => {
    const since = Date.now()
    const throttled = { status: 429, body: { code: 'rate_limited', error: 'slow down' } }
    responses = [{ ...throttled, headers: { 'retry-after': '1' } }, user]
    await backend.users.create({ identifier: 'ada' })
    expect(requests).toHaveLength(2)
    expect(Date.now() - since).toBeGreaterThanOrEqual(990)
  })

  it('stops if Retry-After is longer than a caller can wait', async () => {
    const now = Date.now()
    responses = [{ ...unavailable, headers: { 'retry-after': '60' } }]
    const error = await failure(backend.users.get('ada'))
    expect(error.retryAt).toBeGreaterThanOrEqual(now + 60_000)
    expect(requests).toHaveLength(1)
  })

  it('stops after an error that will not change', async () => {
    responses = [{ status: 400, body: { code: 'invalid_request', error: 'no' } }]
    expect((await failure(backend.users.get('ada'))).code).toBe('invalid_request')
    expect(requests).toHaveLength(1)
  })

  it('rejects with unreachable after four tries', async () => {
    responses = ['cut', 'cut', 'cut', 'cut']
    expect(await failure(backend.users.get('ada'))).toMatchObject({ code: 'unreachable', status: undefined })
    expect(requests).toHaveLength(4)
  })
})
