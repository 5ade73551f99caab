import { describe, expect, it, vi } from 'vitest'
import { signedIn, soon, tabs } from '../../test/each-test.ts'
import {
  functionTransport,
  type FunctionTransportResult,
  type FunctionTransportOptions,
} from '../transports/function-transport.ts'
import { createTokenManager } from './manager.ts'
import { sessionServer } from '../transports/session-server.ts'
import { memoryStore, type Store } from '../stores/store.ts'
import { lapse } from '../../test/tabs.ts'

// Where faults meet that the catalogue has one by one, and servers of the user's own.

const hour = 3_600_000

describe('the clock is set back', () => {
  it('between two tries of a refresh: the next one is not put off', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['lost']
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const token = one.getAuthToken()
    await soon(100)
    vi.setSystemTime(Date.now() - 5 * hour)
    await soon()
    expect(tabs.refreshes).toHaveLength(2)
    await token
  })

  it('after a refresh that failed: the next call does not wait for a time long gone', async () => {
    const one = await signedIn()
    await lapse()
    tabs.fates = ['lost', 'lost', 'lost']
    const failed = expect(one.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await soon()
    await failed
    await lapse()
    tabs.fates = [() => new Response('', { status: 404 })]
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'misconfigured' })
    vi.setSystemTime(Date.now() - 5 * hour)
    await expect(one.getAuthToken()).resolves.toMatch(/^h\./)
  })
})

describe('a server of the user’s own', () => {
  const own = (options: Partial<FunctionTransportOptions>) => {
    const auth = createTokenManager({
      transport: functionTransport({ key: 'k', refresh: () => Promise.reject(new Error()), ...options }),
      storage: memoryStore(),
      environment: tabs.environment(),
    })
    return auth
  }
  const result: FunctionTransportResult = { authToken: 'a1', expiresIn: 300, refreshToken: 'r1' }

  it('answers a refresh with the same auth token: one request, and it is served', async () => {
    const refresh = vi.fn(() => Promise.resolve(result))
    const auth = own({ refresh })
    await auth.signIn(result)
    await lapse()
    await expect(auth.getAuthToken()).resolves.toBe('a1')
    await soon(60_000)
    await expect(auth.getAuthToken({ rejected: 'a1' })).resolves.toBe('a1')
    await soon(100)
    expect(refresh).toHaveBeenCalledTimes(2)
    auth.dispose()
  })

  it('never answers, and heeds no signal: callers hear of it, and the next refresh may', async () => {
    const refresh = vi.fn((): Promise<FunctionTransportResult> => new Promise(() => {}))
    const auth = own({ refresh })
    await auth.signIn(result)
    await lapse()
    const failed = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await soon(60_000)
    await failed
    refresh.mockResolvedValue({ ...result, authToken: 'a2' })
    const token = auth.getAuthToken()
    await soon()
    await expect(token).resolves.toBe('a2')
    auth.dispose()
  })

  it('never answers a revocation: it is said again', async () => {
    const revoke = vi.fn((): Promise<void> => new Promise(() => {}))
    const auth = own({ revoke })
    await auth.signIn(result)
    await auth.signOut()
    await soon(60_000)
    expect(revoke.mock.calls.length).toBeGreaterThan(1)
    auth.dispose()
  })

  it('hears no revocation of a session that was signed in twice', async () => {
    const revoke = vi.fn(() => Promise.resolve())
    const auth = own({ revoke })
    await auth.signIn(result)
    await auth.signIn(result)
    await soon(100)
    expect(revoke).not.toHaveBeenCalled()
    auth.dispose()
  })
})

describe('storage and locks', () => {
  it('fails while a token is renewed that still serves: it goes on serving', async () => {
    let full = false
    const storage: Store = {
      update: (key, change) =>
        tabs.storage.update(key, (record) => {
          const after = change(record)
          if (after !== record && full) throw new DOMException('', 'QuotaExceededError')
          return after
        }),
    }
    const one = await tabs.open({ storage })
    await one.signIn(tabs.server.signIn() as never)
    full = true
    const early = { minValidSeconds: 299 }
    const token = await one.getAuthToken(early)
    await soon(10_000)
    const states: string[] = []
    one.subscribe(({ status }) => states.push(status))
    await expect(one.getAuthToken(early)).resolves.toBe(token)
    await soon(10)
    expect(states).toEqual(['refreshing', 'valid'])
  })

  it('a lock that is slow to go: a sign-in meanwhile is not undone by the refresh before it', async () => {
    const environment = tabs.environment()
    const one = await tabs.open({
      environment: {
        ...environment,
        lock: async (...args) => {
          await environment.lock(...args)
          await new Promise((resolve) => setTimeout(resolve, 50))
        },
      },
    })
    await one.signIn(tabs.server.signIn() as never)
    await lapse()
    void one.getAuthToken().catch(() => {})
    await soon(10)
    expect((await tabs.record())!.generation).toBe(1)
    await one.signIn(tabs.server.signIn('u2') as never)
    await soon(1000)
    expect(one.session()?.userId).toBe('u2')
  })

  it('a sign-out before the storage has been read: one that waits for it, whoever gives up meanwhile', async () => {
    const before = await signedIn()
    before.crash()
    let release = (): void => {}
    const hung = new Promise<void>((resolve) => (release = resolve))
    const auth = createTokenManager({
      transport: sessionServer({
        url: 'https://auth.example.com',
        appId: 'app',
      }),
      environment: tabs.environment(),
      storage: { update: async (key, change) => (await hung, tabs.storage.update(key, change)) },
    })
    const states: string[] = []
    auth.subscribe(({ status }) => states.push(status))
    const caller = new AbortController()
    const gone = expect(auth.getAuthToken({ signal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    const leaving = auth.signOut()
    caller.abort()
    await gone
    release()
    await leaving
    await soon(10)
    expect(states).toEqual(['signed-out'])
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(tabs.server.sessions.get('s0')!.ended).toBe(true)
    auth.dispose()
  })
})

it('a sign-out over a storage that hangs is written all the same, late', async () => {
  let hung: Promise<void> | undefined
  let release = (): void => {}
  const one = await tabs.open({
    storage: { update: async (key, change) => (await hung, tabs.storage.update(key, change)) },
  })
  await one.signIn(tabs.server.signIn() as never)
  hung = new Promise((resolve) => (release = resolve))
  const leaving = expect(one.signOut()).rejects.toMatchObject({ code: 'storage' })
  expect(one.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
  await soon(5000)
  await leaving
  release()
  await soon(0)
  expect(await tabs.record()).toMatchObject({ reason: 'signed-out' })
})

describe('a sign-in that is still to be written', () => {
  /** A tab in which somebody signs in over a storage that makes each change, and answers, when it is told to; or fails. */
  const signingIn = async () => {
    const steps: ((error?: Error) => void)[] = []
    const turn = (): Promise<void> =>
      new Promise((resolve, reject) => steps.push((error) => (error ? reject(error) : resolve())))
    const next = async (error?: Error): Promise<void> => {
      steps.shift()!(error)
      await soon(0)
    }
    const storage: Store = {
      async update(key, change) {
        await turn()
        const after = await tabs.storage.update(key, change)
        await turn()
        return after
      },
    }
    const opening = tabs.open({ storage })
    await next()
    await next()
    const auth = await opening
    const states: string[] = []
    auth.subscribe(({ status }) => states.push(status))
    const done = auth.signIn(tabs.server.signIn() as never)
    return { auth, states, done, steps, next }
  }
  const expectOver = async () => {
    expect((await tabs.record())?.reason).toBe('signed-out')
    expect(tabs.server.sessions.get('s0')!.ended).toBe(true)
  }

  it('a sign-out meanwhile: nobody is signed in by it, not for a moment and in no tab', async () => {
    const { auth, states, done, steps, next } = await signingIn()
    const other = await tabs.open()
    other.subscribe(({ status }) => states.push(status))
    const leaving = auth.signOut()
    while (steps.length) {
      await next()
      other.wake()
      await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
    }
    await Promise.all([done, leaving])
    expect(states).toEqual([])
    await expectOver()
  })

  it('a sign-out before the tab hears that it is written: the same, also where that one fails to be', async () => {
    const { auth, states, done, steps, next } = await signingIn()
    await next()
    const leaving = expect(auth.signOut()).rejects.toMatchObject({ code: 'storage' })
    await next()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
    await next(new DOMException('', 'QuotaExceededError'))
    await done
    await leaving
    // Whatever this tab writes next brings it along.
    auth.wake()
    while (steps.length) await next()
    expect(states).toEqual([])
    await expectOver()
  })

  it('and of which its caller was told that it failed: it is not written after a sign-out in another tab', async () => {
    const { done, next } = await signingIn()
    const failed = expect(done).rejects.toMatchObject({ code: 'storage' })
    await soon(5000)
    await failed
    const other = await tabs.open()
    await other.signIn(tabs.server.signIn() as never)
    await other.signOut()
    await next()
    expect((await tabs.record())?.reason).toBe('signed-out')
    expect(other.get().status).toBe('signed-out')
  })
})
