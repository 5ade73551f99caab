import { describe, expect, it, onTestFinished } from 'vitest'
import { expireToken, pass, tabs, until } from '../../test/each-test.ts'
import type { TokenManager } from '../manager/api.ts'
import { createTokenManager } from '../manager/manager.ts'
import { cookieBackend, type CookieBackendOptions, type CookieBackendTokens } from './cookie-backend.ts'
import { memoryStore, type Store } from './store.ts'

type Refresh = CookieBackendOptions['refresh']

/** A backend with the browser's cookie. The cookie names the user. */
class Backend {
  cookie: string | undefined
  /** What the network does: by default, requests arrive. */
  refuse: Refresh | undefined
  signOutArrives = true
  readonly refreshes: Parameters<Refresh>[0][] = []
  signOuts = 0
  #issued = 0

  signIn(userId: string): CookieBackendTokens {
    this.cookie = userId
    return this.#tokens(userId)
  }
  #tokens(userId: string): CookieBackendTokens {
    return { authToken: `${userId}-${++this.#issued}`, expiresIn: 300, userId }
  }
  readonly refresh: Refresh = async (request) => {
    this.refreshes.push(request)
    if (this.refuse) return this.refuse(request)
    return this.cookie ? this.#tokens(this.cookie) : undefined
  }
  readonly signOut = async (): Promise<void> => {
    this.signOuts += 1
    if (!this.signOutArrives) throw new TypeError('Failed to fetch')
    this.cookie = undefined
  }
}

const open = (backend: Backend, storage: Store = memoryStore()): TokenManager<CookieBackendTokens> => {
  const environment = tabs.environment()
  const { refresh, signOut } = backend
  const auth = createTokenManager({
    ...cookieBackend({ key: 'shop', refresh, signOut, storage }, environment),
    environment,
  })
  onTestFinished(() => auth.dispose())
  return auth
}

describe('on load (case E4)', () => {
  it('the session that the cookie holds is there, without a sign-in', async () => {
    const backend = new Backend()
    backend.signIn('ada')
    const auth = open(backend)
    expect(auth.get()).toEqual({ status: 'refreshing' })
    await expect(auth.getAuthToken()).resolves.toBe('ada-2')
    expect(auth.get()).toMatchObject({ status: 'valid', session: { userId: 'ada', renewable: true } })
    expect(backend.refreshes).toHaveLength(1)
  })

  it('nobody is signed in if the backend says so, and the backend is asked once', async () => {
    const backend = new Backend()
    const auth = open(backend)
    await until(auth, 'signed-out')
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'none' })
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
    await pass(3_600_000)
    expect(backend.refreshes).toHaveLength(1)
  })

  it('the backend is not asked if the record says who is signed in', async () => {
    const backend = new Backend()
    const storage = memoryStore()
    await open(backend, storage).signIn(backend.signIn('ada'))
    const next = open(backend, storage)
    await expect(next.getAuthToken()).resolves.toBe('ada-1')
    expect(backend.refreshes).toHaveLength(0)
  })

  it.for([true, false])(
    'after a sign-out nothing is restored, also if it reached the backend: %s',
    async (arrives) => {
      const backend = new Backend()
      const storage = memoryStore()
      backend.signOutArrives = arrives
      const auth = open(backend, storage)
      await auth.signIn(backend.signIn('ada'))
      await auth.signOut()
      auth.dispose()
      const next = open(backend, storage)
      await until(next, 'signed-out')
      await pass()
      expect(next.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
      expect(backend.refreshes).toHaveLength(0)
      backend.signOutArrives = true
      await pass(60_000)
      expect(backend.cookie).toBeUndefined()
    },
  )

  it('after the server has ended a session, a redirect can begin another one', async () => {
    const backend = new Backend()
    const storage = memoryStore()
    const auth = open(backend, storage)
    await auth.signIn(backend.signIn('ada'))
    backend.refuse = async () => ({ ended: 'expired' })
    await expireToken()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'expired' })
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'expired' })
    auth.dispose()
    backend.refuse = undefined
    backend.signIn('ada')
    await expect(open(backend, storage).getAuthToken()).resolves.toMatch('ada')
    expect(backend.signOuts).toBe(0)
  })

  it('tabs that load together ask the backend once, because they ask one after the other', async () => {
    const backend = new Backend()
    const storage = memoryStore()
    backend.signIn('ada')
    const tokens = await Promise.all([0, 1, 2].map(() => open(backend, storage).getAuthToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(backend.refreshes).toHaveLength(1)
  })

  it('nobody counts as signed out while the backend is away, and the session is there when it is back', async () => {
    const backend = new Backend()
    backend.signIn('ada')
    backend.refuse = () => Promise.reject(new TypeError('Failed to fetch'))
    const auth = open(backend)
    const call = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    await pass(20_000)
    await call
    expect(auth.get()).toEqual({ status: 'refreshing' })
    await pass(3_600_000)
    // With growing pauses: 1, 2, 4 … 60 seconds.
    expect(backend.refreshes.length).toBeLessThan(75)
    backend.refuse = undefined
    await pass(70_000)
    expect(auth.get()).toMatchObject({ status: 'valid', session: { userId: 'ada' } })
  })

  it('waits as long as the backend asks', async () => {
    const backend = new Backend()
    backend.refuse = async () => ({ failed: 'throttled', retryAfter: 600 })
    open(backend)
    await pass(590_000)
    expect(backend.refreshes).toHaveLength(1)
    await pass(20_000)
    expect(backend.refreshes).toHaveLength(2)
  })

  it('a disposed manager no longer asks', async () => {
    const backend = new Backend()
    backend.refuse = async () => ({ failed: 'unreachable' })
    const auth = open(backend)
    await pass(10_000)
    auth.dispose()
    const { length } = backend.refreshes
    await pass(3_600_000)
    expect(backend.refreshes.length).toBeLessThanOrEqual(length + 1)
  })

  it('after a mistake in the app’s own code, nobody is signed in, and the backend is not asked again', async () => {
    const backend = new Backend()
    backend.refuse = () => Promise.reject(new ReferenceError('post is not defined'))
    const auth = open(backend)
    await until(auth, 'signed-out')
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'unreadable' })
    await pass(3_600_000)
    expect(backend.refreshes).toHaveLength(1)
  })

  it('a sign-in wins over a question to the backend that is under way', async () => {
    const backend = new Backend()
    backend.signIn('ada')
    let answer: (tokens: CookieBackendTokens) => void = () => {}
    backend.refuse = () => new Promise((resolve) => (answer = resolve))
    const auth = open(backend)
    await pass(100)
    await auth.signIn(backend.signIn('bob'))
    answer({ authToken: 'ada-9', expiresIn: 300, userId: 'ada' })
    await pass(6000)
    await expect(auth.getAuthToken()).resolves.toMatch('bob')
  })
})

describe('a refresh (case E4)', () => {
  const failing = async (
    refuse: Refresh,
  ): Promise<{ auth: TokenManager; error: unknown; backend: Backend }> => {
    const backend = new Backend()
    const auth = open(backend)
    await auth.signIn(backend.signIn('ada'))
    await expireToken()
    backend.refuse = refuse
    const call = auth.getAuthToken().catch((error: unknown) => error)
    await pass()
    return { auth, error: await call, backend }
  }

  it('needs no refresh token, and brings a new auth token', async () => {
    const backend = new Backend()
    const auth = open(backend)
    await auth.signIn(backend.signIn('ada'))
    await expireToken()
    await expect(auth.getAuthToken()).resolves.toBe('ada-2')
    expect(backend.refreshes[0]).toMatchObject({ retryId: expect.any(String), activity: undefined })
  })

  it.for(['revoked', 'reused', 'expired', 'inactive'] as const)(
    'may say that the session is over: %s',
    async (ended) => {
      const { auth, error, backend } = await failing(async () => ({ ended }))
      expect(error).toMatchObject({ code: 'sign-in-required', reason: ended })
      expect(auth.get()).toEqual({ status: 'signed-out', reason: ended })
      // The cookie may belong to another session by now.
      expect(backend.signOuts).toBe(0)
    },
  )

  it('may ask to wait', async () => {
    const now = Date.now()
    const { auth, error } = await failing(async () => ({ failed: 'throttled', retryAfter: 120 }))
    expect(error).toMatchObject({ code: 'throttled', retryAt: expect.any(Number) })
    expect((error as { retryAt: number }).retryAt).toBeGreaterThan(now + 120_000)
    expect(auth.get()).toMatchObject({ status: 'expired', cause: { code: 'throttled' } })
  })

  it('may say that only the user can go on', async () => {
    const { auth, error } = await failing(async () => ({ failed: 'sign-in-required' }))
    expect(error).toMatchObject({ code: 'sign-in-required' })
    expect(auth.get()).toMatchObject({ status: 'expired', session: { userId: 'ada', renewable: false } })
  })

  it('of another user’s cookie is refused, and leaves that user’s session alone (case E5)', async () => {
    const backend = new Backend()
    const auth = open(backend)
    await auth.signIn(backend.signIn('ada'))
    backend.signIn('bob')
    await expireToken()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    await pass(3_600_000)
    expect(auth.get().status).toBe('signed-out')
    expect(backend).toMatchObject({ cookie: 'bob', signOuts: 0 })
  })
})

it('a sign-out that has not arrived never ends the session of a later sign-in', async () => {
  const backend = new Backend()
  const auth = open(backend)
  await auth.signIn(backend.signIn('ada'))
  backend.signOutArrives = false
  await auth.signOut()
  await pass(100)
  await auth.signIn(backend.signIn('ada'))
  backend.signOutArrives = true
  const { signOuts } = backend
  await pass(3_600_000)
  expect(backend).toMatchObject({ cookie: 'ada', signOuts })
})

it('without storage, as during server-side rendering, it stays in its first state', () => {
  const { refresh, signOut } = new Backend()
  const backend = cookieBackend({ key: 'shop', refresh, signOut })
  expect(backend.storage).toBeUndefined()
  expect(createTokenManager(backend).get()).toEqual({ status: 'refreshing' })
})
