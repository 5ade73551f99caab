import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  openStore,
  readMasterKey,
} from '@tokenkeep/server'
import type { AuthResult } from '@tokenkeep/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PassageError, PassageUser, ReadOnlyTokenStore, Session, TokenStore } from './index.ts'

/** A token store as an app writes it. */
class AppTokenStore extends TokenStore {
  auth: string | undefined
  refresh: string | undefined
  readonly calls: string[] = []
  getAuthToken(): Promise<string> {
    return this.auth ? Promise.resolve(this.auth) : Promise.reject(new Error('no token'))
  }
  override getRefreshToken(): Promise<string | undefined> {
    return Promise.resolve(this.refresh)
  }
  async setTokens(result: AuthResult): Promise<void> {
    this.calls.push('set')
    // The store is slow: code that does not wait for it reads the old tokens.
    await new Promise((resolve) => setTimeout(resolve, 5))
    this.auth = result.auth_token
    this.refresh = result.refresh_token
  }
  override async clearTokens(): Promise<void> {
    this.calls.push('clear')
    this.auth = this.refresh = undefined
  }
}

/** The real session server, in this process. A test decides whether it can be reached. */
let folder: string
let http: Server
let close: () => Promise<void>
let openSession: () => Promise<AuthResult>
let requests: string[]
/** The URLs and bodies of the revocations that the server has handled. */
const revocations: string[] = []
let reachable = true
const url = () => `http://localhost:${(http.address() as AddressInfo).port}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenkeep-'))
  const store = await openStore(folder)
  const origin = 'http://localhost'
  await store.apps.add(
    'demo',
    appProfile({
      name: 'demo',
      auth_origin: origin,
      redirect_url: origin,
      refresh_enabled: true,
      session_timeout_length: 60,
    }),
    'system',
    Date.now(),
  )
  const { secret } = await createApiKey(store, 'demo', 'test', 'system', Date.now())
  let handler = (_request: Request): Response | Promise<Response> => new Response()
  await new Promise<void>((resolve) => {
    http = serve({ fetch: (request) => handler(request), port: 0 }, () => resolve()) as Server
  })
  const sessions = createSessionServer({
    store,
    keys: deriveKeys(readMasterKey(folder)),
    baseUrl: url(),
    now: () => Date.now(),
  })
  handler = async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith('/tokens') && !request.headers.has('authorization')) requests.push(request.method)
    if (!reachable) return new Response('<html>captive portal</html>', { status: 502 })
    const copy = request.clone()
    const answer = await sessions.fetch(request)
    if (request.method === 'DELETE') revocations.push(request.url + (await copy.text()))
    return answer
  }
  const manage = async (path: string, body: object) => {
    const response = await fetch(`${url()}/v1/apps/demo${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify(body),
    })
    return (await response.json()) as { user: { id: string }; auth_result: AuthResult }
  }
  openSession = async () => {
    const { user } = await manage('/users', { identifier: `${crypto.randomUUID()}@example.com` })
    return (await manage(`/users/${user.id}/sessions`, {})).auth_result
  }
  close = async () => {
    await sessions.close()
    await store.close()
  }
})
afterAll(async () => {
  http.closeAllConnections()
  http.close()
  await close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  requests = []
  reachable = true
  vi.useRealTimers()
})

async function signedIn(): Promise<{ store: AppTokenStore; session: Session; result: AuthResult }> {
  const store = new AppTokenStore()
  const result = await openSession()
  await store.setTokens(result)
  store.calls.length = 0
  return { store, session: new Session('demo', store), result }
}

/** Moves the clock, which client and server share, past the expiry of the auth token. */
function expire(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
}
const failure = (promise: Promise<unknown>): Promise<PassageError> =>
  promise.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error as PassageError,
  )

describe('getAuthToken', () => {
  it('resolves to the stored token while it is valid', async () => {
    const { session, result } = await signedIn()
    expect(await session.getAuthToken()).toBe(result.auth_token)
    expect(requests).toEqual([])
  })

  it('refreshes an expired token once for all callers, and stores the new tokens', async () => {
    const { session, store, result } = await signedIn()
    expire()
    const tokens = await Promise.all(Array.from({ length: 5 }, () => session.getAuthToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).not.toBe(result.auth_token)
    expect(requests).toEqual(['POST'])
    expect(store.auth).toBe(tokens[0])
    expect(store.refresh).not.toBe(result.refresh_token)
    expect(store.calls).toEqual(['set'])
  })

  it('refreshes once for all sessions with the same token store', async () => {
    const { store, session } = await signedIn()
    expire()
    await Promise.all([session.getAuthToken(), new Session('demo', store).getAuthToken()])
    expect(requests).toEqual(['POST'])
  })

  it('uses the tokens that another program put into the store', async () => {
    const { session, store } = await signedIn()
    await session.getAuthToken()
    const response = await fetch(`${url()}/v1/apps/demo/tokens`, {
      method: 'POST',
      body: JSON.stringify({ refresh_token: store.refresh }),
    })
    const { auth_result } = (await response.json()) as { auth_result: AuthResult }
    await store.setTokens(auth_result)
    expect(await session.refresh()).toMatchObject({ refresh_token: auth_result.refresh_token })
    expect((await session.refresh()).refresh_token).not.toBe(auth_result.refresh_token)
  })

  it('rejects with 704 if nobody is signed in, or the session has ended', async () => {
    const error = await failure(new Session('demo', new AppTokenStore()).getAuthToken())
    expect(error).toMatchObject({ name: 'PassageError', statusCode: 704, statusText: 'PSGLoginRequired' })
    const { session, result, store } = await signedIn()
    await fetch(`${url()}/v1/apps/demo/tokens`, {
      method: 'DELETE',
      body: JSON.stringify({ refresh_token: result.refresh_token }),
    })
    expire()
    expect(await failure(session.getAuthToken())).toMatchObject({
      statusCode: 704,
      message: 'Login required',
    })
    expect(store.auth).toBeUndefined()
  })

  it('rejects with 503 and keeps the session if the server cannot be reached', async () => {
    const { session, store } = await signedIn()
    reachable = false
    expire()
    const error = await failure(session.getAuthToken())
    expect(error).toMatchObject({ statusCode: 503, code: 'unreachable' })
    expect(store.refresh).toBeDefined()
  })
})

describe('refresh', () => {
  it('resolves to new tokens although the old ones are valid', async () => {
    const { session, store, result } = await signedIn()
    const refreshed = await session.refresh()
    expect(requests).toEqual(['POST'])
    expect(refreshed).toMatchObject({ auth_token: store.auth, refresh_token: store.refresh })
    expect(refreshed.auth_token).not.toBe(result.auth_token)
    expect(refreshed.refresh_token_expiration).toBeGreaterThan(Date.now() / 1000)
  })

  it('rejects if no new token arrived, although the old one is valid', async () => {
    const { session, result } = await signedIn()
    reachable = false
    expect(await failure(session.refresh())).toMatchObject({ statusCode: 503 })
    expect(await session.getAuthToken()).toBe(result.auth_token)
  })
})

describe('signOut', () => {
  it('ends the session here and on the server', async () => {
    const { session, store, result } = await signedIn()
    expect(await session.signOut()).toBe(true)
    expect(store.auth).toBeUndefined()
    expect(store.calls).toContain('clear')
    expect(requests).toEqual(['DELETE'])
    const refused = await fetch(`${url()}/v1/apps/demo/tokens`, {
      method: 'POST',
      body: JSON.stringify({ refresh_token: result.refresh_token }),
    })
    expect(refused.status).toBe(401)
    expect(await session.signOut()).toBe(true)
    expect((await failure(session.getAuthToken())).statusCode).toBe(704)
  })

  it('resolves to false and ends the session here if the server cannot be reached', async () => {
    const { session, store } = await signedIn()
    await session.getAuthToken()
    reachable = false
    expect(await session.signOut()).toBe(false)
    expect(store.auth).toBeUndefined()
  })
})

describe('after a sign-out', () => {
  it('getAuthToken rejects with 704, also if the token store keeps its tokens', async () => {
    const { session, store } = await signedIn()
    await session.getAuthToken()
    store.clearTokens = () => Promise.resolve()
    await session.signOut()
    expect(store.auth).toBeDefined()
    expect((await failure(session.getAuthToken())).statusCode).toBe(704)
  })

  it('getAuthToken uses the session of another program that signed in', async () => {
    const { session, store } = await signedIn()
    await session.getAuthToken()
    await session.signOut()
    const next = await openSession()
    await store.setTokens(next)
    expect(await session.getAuthToken()).toBe(next.auth_token)
  })

  it('the server is told once it can be reached again, also if another program signed in', async () => {
    const { session, store, result } = await signedIn()
    await session.getAuthToken()
    reachable = false
    expect(await session.signOut()).toBe(false)
    reachable = true
    await store.setTokens(await openSession())
    await session.refresh()
    // The first try failed. The next one comes after a pause.
    const isTold = (): boolean => revocations.some((revocation) => revocation.includes(result.refresh_token!))
    await vi.waitFor(() => expect(isTold()).toBe(true), { timeout: 60_000 })
    const refused = await fetch(`${url()}/v1/apps/demo/tokens`, {
      method: 'POST',
      body: JSON.stringify({ refresh_token: result.refresh_token }),
    })
    expect(refused.status).toBe(401)
  })
})

describe('authGuard', () => {
  it('is true if the token is valid or can be refreshed, else false', async () => {
    const { session } = await signedIn()
    expect(await session.authGuard()).toBe(true)
    expire()
    expect(await session.authGuard()).toBe(true)
    await session.signOut()
    expect(await session.authGuard()).toBe(false)
    expect(await new Session('demo', new AppTokenStore()).authGuard()).toBe(false)
  })
})

describe('a token that the caller passes', () => {
  it('is returned as it is, and never refreshed or revoked', async () => {
    const { auth_token } = await openSession()
    const user = new PassageUser(auth_token)
    expect(await user.getAuthToken()).toBe(auth_token)
    expect(await user.authGuard()).toBe(true)
    expect(await user.signOut()).toBe(true)
    expect(await failure(user.refresh())).toMatchObject({ statusCode: 704 })
    expire()
    expect(await user.getAuthToken()).toBe(auth_token)
    expect(await user.authGuard()).toBe(false)
    expect(requests).toEqual([])
  })

  it('resolves userInfo() to its user, or to undefined if the server rejects it', async () => {
    const { auth_token } = await openSession()
    expect(await new PassageUser(auth_token).userInfo()).toMatchObject({
      id: JSON.parse(atob(auth_token.split('.')[1]!)).sub,
      status: 'active',
    })
    const [head, body] = auth_token.split('.')
    expect(await new PassageUser(`${head}.${body}.AAAA`).userInfo()).toBeUndefined()
  })

  it('may come from a read-only store', async () => {
    const { auth_token } = await openSession()
    class FixedTokenStore extends ReadOnlyTokenStore {
      getAuthToken = () => Promise.resolve(auth_token)
    }
    expect(await new Session('demo', new FixedTokenStore()).getAuthToken()).toBe(auth_token)
  })

  it('makes the constructor throw if it is not a token', () => {
    expect(() => new PassageUser('nonsense')).toThrow(PassageError)
  })
})

describe('during server-side rendering', () => {
  it('the constructor does not throw, and calls that need a token reject with 704', async () => {
    const user = new PassageUser()
    for (const call of [user.getAuthToken(), user.refresh(), user.userInfo()])
      expect((await failure(call)).statusCode).toBe(704)
    expect(await user.signOut()).toBe(true)
    expect(await user.authGuard()).toBe(false)
  })
})
