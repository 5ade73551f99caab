import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBackend, ManagementError, type Backend } from '../index.ts'

/** A status with a body and headers, or a connection that breaks off. */
type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | 'cut'

interface Asked {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** A server that fails to order: the real one does not. */
let server: Server
let answers: Answer[]
let asked: Asked[]
let backend: Backend
const user = { status: 200, body: { user: { id: 'ada' } } }

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request)
    const { method, url, headers } = request
    asked.push({ method, url, headers, body: body && JSON.parse(body) })
    const answer = answers.shift() ?? { status: 200 }
    if (answer === 'cut') return response.destroy()
    response.writeHead(answer.status, answer.headers)
    return response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  answers = []
  asked = []
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  backend = createBackend({ url, appId: 'demo', apiKey: 'tk1.secret' })
})

const failure = (promise: Promise<unknown>): Promise<ManagementError> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error as ManagementError,
  )
const unavailable = { status: 503, body: { code: 'unavailable', error: 'try again' } }

describe('what is sent', () => {
  it('names the app, and brings the key where it belongs: in a header', async () => {
    answers = [user]
    await backend.users.get('ada')
    expect(asked).toMatchObject([{ method: 'GET', url: '/v1/apps/demo/users/ada' }])
    expect(asked[0]!.headers.authorization).toBe('Bearer tk1.secret')
  })

  it('keeps ids from becoming other paths', async () => {
    answers = [user]
    await backend.users.get('../settings?a=b')
    expect(asked[0]!.url).toBe('/v1/apps/demo/users/..%2Fsettings%3Fa%3Db')
    for (const id of ['', '.', '..', undefined as unknown as string])
      await expect(backend.users.delete(id)).rejects.toThrow(TypeError)
    await expect(backend.users.endSession('ada', '..')).rejects.toThrow(TypeError)
    expect(asked).toHaveLength(1)
  })

  it('asks for a page, and leaves out what is not asked', async () => {
    answers = [{ status: 200, body: { users: [], total_users: 0, page: 2, limit: 50 } }]
    await backend.users.list({ page: 2, limit: 50, search: 'a&b' })
    expect(asked[0]!.url).toBe('/v1/apps/demo/users?page=2&limit=50&search=a%26b')
  })

  it('guards a change of the settings with the version that was read', async () => {
    answers = [{ status: 200, body: { app: { version: 8 } } }]
    await backend.settings.update({ refresh_enabled: true }, { version: 7 })
    expect(asked[0]).toMatchObject({ method: 'PATCH', body: { refresh_enabled: true } })
    expect(asked[0]!.headers['if-match']).toBe('"7"')
  })
})

describe('what comes back', () => {
  const notFound = (code: string) => ({ status: 404, body: { code, error: 'no such thing' } })

  it('is undefined for a user who is not there, and an error where they are needed', async () => {
    answers = [notFound('user_not_found')]
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
      answers = [notFound('user_not_found')]
      expect(await failure(call())).toMatchObject({ code: 'user_not_found', status: 404 })
    }
  })

  it('is content with what has ended already', async () => {
    answers = [notFound('user_not_found'), notFound('not_found')]
    await backend.users.delete('nobody')
    await backend.users.endSession('ada', 'ended')
    expect(asked).toHaveLength(2)
  })

  it("is the server's own code and words", async () => {
    answers = [{ status: 409, body: { code: 'conflict', error: 'this user exists already' } }]
    const error = await failure(backend.users.create({ identifier: 'ada' }))
    expect(error).toMatchObject({ code: 'conflict', status: 409, message: 'this user exists already' })
    expect(error).toBeInstanceOf(ManagementError)
  })

  it('is an error for what is not of this protocol: pages, redirects, half an answer', async () => {
    for (const answer of [
      { status: 200, body: '<!doctype html>' },
      { status: 404, body: '<!doctype html>' },
      { status: 302, headers: { location: 'https://evil.example/' } },
    ]) {
      answers = [answer]
      expect(await failure(backend.users.get('ada'))).toMatchObject({ code: 'unexpected_answer' })
    }
  })

  it('never shows the API key', async () => {
    const { inspect } = await import('node:util')
    answers = [{ status: 401, body: { code: 'invalid_access_token', error: 'no' } }]
    const refused = await failure(backend.users.get('ada'))
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('secret')
  })
})

describe('retries', () => {
  it('what is safe to ask twice, until it is answered', async () => {
    for (const call of [
      () => backend.users.get('ada'),
      () => backend.users.deactivate('ada'),
      () => backend.users.activate('ada'),
    ]) {
      asked = []
      answers = ['cut', unavailable, user]
      await call()
      expect(asked).toHaveLength(3)
    }
    for (const call of [
      () => backend.users.revokeRefreshTokens('ada'),
      () => backend.users.delete('ada'),
      () => backend.users.endSession('ada', 'session'),
    ]) {
      asked = []
      answers = ['cut', { status: 502, body: 'Bad Gateway' }]
      await call()
      expect(asked).toHaveLength(3)
    }
  })

  it('nothing that could happen twice', async () => {
    for (const call of [
      () => backend.users.create({ identifier: 'ada' }),
      () => backend.users.createSession('ada'),
      () => backend.users.update('ada', {}),
      () => backend.settings.update({}),
    ])
      for (const answer of ['cut', unavailable] as const) {
        asked = []
        answers = [answer]
        expect((await failure(call())).code).toBe(answer === 'cut' ? 'unreachable' : 'unavailable')
        expect(asked).toHaveLength(1)
      }
  })

  it('what was refused before it was done, when the server says so', async () => {
    const since = Date.now()
    const throttled = { status: 429, body: { code: 'rate_limited', error: 'slow down' } }
    answers = [{ ...throttled, headers: { 'retry-after': '1' } }, user]
    await backend.users.create({ identifier: 'ada' })
    expect(asked).toHaveLength(2)
    expect(Date.now() - since).toBeGreaterThanOrEqual(990)
  })

  it('not where the server asks for more patience than a caller has', async () => {
    const now = Date.now()
    answers = [{ ...unavailable, headers: { 'retry-after': '60' } }]
    const error = await failure(backend.users.get('ada'))
    expect(error.retryAt).toBeGreaterThanOrEqual(now + 60_000)
    expect(asked).toHaveLength(1)
  })

  it('not what was refused for good', async () => {
    answers = [{ status: 400, body: { code: 'invalid_request', error: 'no' } }]
    expect((await failure(backend.users.get('ada'))).code).toBe('invalid_request')
    expect(asked).toHaveLength(1)
  })

  it('four times, then says that nobody answered', async () => {
    answers = ['cut', 'cut', 'cut', 'cut']
    expect(await failure(backend.users.get('ada'))).toMatchObject({ code: 'unreachable', status: undefined })
    expect(asked).toHaveLength(4)
  })
})
