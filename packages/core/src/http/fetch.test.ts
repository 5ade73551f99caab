import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import axios, { AxiosError } from 'axios'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authorizeAxios } from './axios.ts'
import { createAuthFetch } from './fetch.ts'
import type { TokenManager } from '../manager/api.ts'
import { createTokenManager } from '../manager/manager.ts'
import { allowedOrigins } from './origins.ts'
import { sessionServer } from '../transports/session-server.ts'
import { memoryStore } from '../stores/store.ts'

// A real API and a real session server's endpoint on one address; the manager is the real one.

let server: Server
let url: string
let accepted: (token: string) => boolean
let seen: { token: string | undefined; body: string }[]
let refreshes: number
let issued: number
let auth: TokenManager

const lifetime = 60
const authResult = () => {
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: 'u1', sid: 's1', iat: now, exp: now + lifetime, jti: String(++issued) }
  return {
    auth_token: `h.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.s`,
    auth_token_expires_in: lifetime,
    session_id: 's1',
    user_id: 'u1',
    redirect_url: '/',
    refresh_token: `rt${issued}`,
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  if (request.url!.endsWith('/tokens')) {
    if (request.method === 'POST') refreshes += 1
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ auth_result: authResult() }))
    return
  }
  const token = request.headers.authorization?.replace('Bearer ', '')
  seen.push({ token, body })
  response.writeHead(token && accepted(token) ? 200 : 401).end(body)
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

beforeEach(async () => {
  accepted = () => true
  seen = []
  refreshes = 0
  issued = 0
  const manager = createTokenManager({
    transport: sessionServer({ url, appId: 'app' }),
    storage: memoryStore(),
  })
  await manager.signIn(authResult())
  auth = manager as TokenManager
})
afterEach(() => auth.dispose())

/** The API stops accepting the token we hold, which came long enough ago for that to be the token's fault. */
async function outlive(): Promise<string> {
  const old = await auth.getAuthToken()
  accepted = (token) => token !== old
  const now = Date.now
  Date.now = () => now() + 10_000
  restore = () => (Date.now = now)
  return old
}
let restore = (): unknown => undefined
afterEach(() => void restore())

describe('createAuthFetch', () => {
  it('10 parallel 401s: one refresh, 10 replays, 10 successes, bodies intact', async () => {
    const old = await outlive()
    const send = createAuthFetch(auth, { origins: [url] })
    const bodies = Array.from({ length: 10 }, (_, index) => `body ${index}`)
    const answers = await Promise.all(bodies.map((body) => send(`${url}/api`, { method: 'POST', body })))
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200))
    expect(await Promise.all(answers.map((each) => each.text()))).toEqual(bodies)
    expect(refreshes).toBe(1)
    expect(seen.filter(({ token }) => token === old)).toHaveLength(10)
  })

  it('a late 401 that carried an older token: no refresh, one replay with the newer token', async () => {
    const old = await outlive()
    await auth.getAuthToken({ rejected: old })
    expect(refreshes).toBe(1)
    const stale = {
      getAuthToken: (options?: { rejected?: string }) =>
        options?.rejected ? auth.getAuthToken(options) : Promise.resolve(old),
    }
    expect((await createAuthFetch(stale, { origins: [url] })(`${url}/api`)).status).toBe(200)
    expect(refreshes).toBe(1)
  })

  it('an API that always says 401: one refresh and one replay, and no more with the fresh token', async () => {
    await outlive()
    accepted = () => false
    const send = createAuthFetch(auth, { origins: [url] })
    expect((await send(`${url}/api`)).status).toBe(401)
    expect([refreshes, seen.length]).toEqual([1, 2])
    expect((await send(`${url}/api`)).status).toBe(401)
    expect([refreshes, seen.length]).toEqual([1, 3])
  })

  it('F26: a token an API refused is not served again', async () => {
    const old = await outlive()
    await createAuthFetch(auth, { origins: [url] })(`${url}/api`)
    expect(await auth.getAuthToken()).not.toBe(old)
  })

  it('sends the token to no other origin', async () => {
    const response = await createAuthFetch(auth, { origins: ['https://api.example.com'] })(`${url}/api`)
    expect(response.status).toBe(401)
    expect(seen).toEqual([{ token: undefined, body: '' }])
    expect(refreshes).toBe(0)
  })

  it('rejects with a coded error where nobody is signed in', async () => {
    await auth.signOut()
    await expect(createAuthFetch(auth, { origins: [url] })(`${url}/api`)).rejects.toMatchObject({
      code: 'sign-in-required',
    })
    expect(seen).toEqual([])
  })
})

describe('authorizeAxios', () => {
  it('10 parallel 401s: one refresh, 10 replays, 10 successes, bodies intact', async () => {
    await outlive()
    const instance = axios.create({ baseURL: url })
    authorizeAxios(instance, auth, { origins: [url] })
    const bodies = Array.from({ length: 10 }, (_, index) => ({ index }))
    const answers = await Promise.all(bodies.map((body) => instance.post<unknown>('/api', body)))
    expect(answers.map(({ data }) => (typeof data === 'string' ? JSON.parse(data) : data))).toEqual(bodies)
    expect(refreshes).toBe(1)
  })

  it('an API that always says 401: its own error, after one refresh and one replay', async () => {
    await outlive()
    accepted = () => false
    const instance = axios.create({ baseURL: url })
    const undo = authorizeAxios(instance, auth, { origins: [url] })
    await expect(instance.get('/api')).rejects.toBeInstanceOf(AxiosError)
    expect([refreshes, seen.length]).toEqual([1, 2])
    undo()
    await expect(instance.get('/api')).rejects.toBeInstanceOf(AxiosError)
    expect(seen.at(-1)!.token).toBeUndefined()
  })

  it('sends the token to no other origin, whatever the base URL', async () => {
    const instance = axios.create({ baseURL: 'https://api.example.com' })
    authorizeAxios(instance, auth, { origins: ['https://api.example.com'] })
    await instance.get(`${url}/api`, { allowAbsoluteUrls: true }).catch(() => undefined)
    expect(seen).toEqual([{ token: undefined, body: '' }])
  })
})

describe('allowedOrigins', () => {
  const allows = allowedOrigins(['https://api.example.com'])

  it('takes the origin, however it is written', () => {
    for (const good of [
      'https://api.example.com/x?y#z',
      'HTTPS://API.EXAMPLE.COM/',
      'https://api.example.com:443/',
      'https://user@api.example.com/',
    ])
      expect(allows(good), good).toBe(true)
  })

  it('takes no other, however alike', () => {
    const bad = [
      'https://api.example.com.evil.net/',
      'https://api.example.com@evil.net/',
      'http://api.example.com/',
      'https://api.example.com:444/',
      'https://apiexample.com/',
      '//evil.net/',
      '/relative',
      'https://api.example.com%2eevil.net/',
      'https://аpi.example.com/',
      'https://evil.net/https://api.example.com',
      'https://evil.net\\@api.example.com/',
      'javascript:alert(1)',
      '',
    ]
    for (const url of bad) expect(allows(url), url).toBe(false)
  })

  it('agrees with the URL parser on 100,000 made-up addresses: no leak', () => {
    const parts = fc.constantFrom(
      'https://',
      'http://',
      '//',
      'api.example.com',
      'evil.net',
      '@',
      ':',
      '.',
      '/',
      '\\',
      '%2e',
      '?',
      '#',
      '443',
      '80',
      'user',
      'API.EXAMPLE.COM',
      'а',
      ' ',
      '\t',
      '[::1]',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (made) => {
        const url = made.join('')
        if (!allows(url)) return true
        const { protocol, hostname, port } = new URL(url)
        return protocol === 'https:' && hostname === 'api.example.com' && port === ''
      }),
      { numRuns: 100_000 },
    )
  })

  it('refuses what is not an origin', () => {
    for (const entry of ['https://api.example.com/path', 'api.example.com', 'data:x'])
      expect(() => allowedOrigins([entry]), entry).toThrow(TypeError)
  })
})
