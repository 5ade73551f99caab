import { expect, it, vi } from 'vitest'
import { expireToken, pass, signedIn, tabs, until } from '../../test/each-test.ts'
import { serverUrl } from '../../test/tabs.ts'
import { authResult } from '../../test/tokens.ts'
import { sessionServer } from '../transports/session-server.ts'
import { createTokenManager } from './manager.ts'
import { sessionWarning } from './session-warning.ts'

// Each loop ends by itself, also if nothing succeeds.

const revocations = () => tabs.server.requests.filter(({ method }) => method === 'DELETE')

it.each(['answered', 'lost'])(
  'a disposed manager sends no further revocation (case C6, %s)',
  async (delivery) => {
    const auth = await signedIn()
    tabs.delivery = delivery === 'lost' ? 'lost' : () => new Response('', { status: 503 })
    const signingOut = auth.signOut()
    auth.dispose()
    await signingOut.catch(() => {})
    await pass(3_600_000)
    expect(revocations()).toHaveLength(1)
    expect((await tabs.record())!.pendingRevocations).toHaveLength(1)
  },
)

it('an idle tab sends few revocations if the server always refuses them (case C1)', async () => {
  const auth = await signedIn()
  tabs.delivery = () => new Response('', { status: 403 })
  await auth.signOut()
  await pass(3_600_000)
  expect(revocations().length).toBeLessThanOrEqual(11)
})

it.for([
  ['no token', { auth_result: { auth_token_expires_in: 300, session_id: 's0', user_id: 'u1' } }],
  ['no result', {}],
  ['a token that dies at once', { auth_result: { auth_token: 'h.e30.s', auth_token_expires_in: 0.001 } }],
] as const)(
  'a server that answers 201 with %s is asked a few times, and the caller gets the cause (case C2)',
  async ([, body]) => {
    const auth = await signedIn()
    await expireToken()
    tabs.delivery = () => Response.json(body, { status: 201 })
    const call = auth.getAuthToken().catch((error: unknown) => error)
    await pass(60_000)
    expect(await call).toMatchObject({ code: 'unreachable', cause: expect.any(TypeError) })
    expect(tabs.refreshes.length).toBeLessThanOrEqual(3)
  },
)

it('callers who ask all the time send at most 900 refreshes an hour to a server that fails', async () => {
  const auth = await signedIn()
  await expireToken()
  tabs.delivery = () => new Response('', { status: 500 })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  for (let second = 0; second < 3600; second++) {
    void auth.getAuthToken().catch(() => {})
    await pass(1000)
  }
  expect(tabs.refreshes.length).toBeLessThanOrEqual(900)
})

it('an abort wakes its own caller only, and no listener stays on a signal (case C5)', async () => {
  const auth = await signedIn()
  await expireToken()
  tabs.deliveries = ['answer-held']
  const added = vi.spyOn(AbortSignal.prototype, 'addEventListener')
  const removed = vi.spyOn(AbortSignal.prototype, 'removeEventListener')
  const shared = new AbortController()
  const callers = Array.from({ length: 3000 }, () => new AbortController())
  const calls = callers.map(({ signal }) => auth.getAuthToken({ signal }).catch((error: unknown) => error))
  const others = [auth.getAuthToken({ signal: shared.signal }), auth.getAuthToken({ signal: shared.signal })]
  await pass(0)
  const before = added.mock.calls.length
  callers[7]!.abort()
  expect(await calls[7]).toMatchObject({ code: 'aborted' })
  // A caller that is woken listens again.
  expect(added.mock.calls.length).toBe(before)
  tabs.release()
  expect(new Set(await Promise.all([...calls.toSpliced(7, 1), ...others])).size).toBe(1)
  const count = (calls: readonly unknown[][]) => calls.filter(([type]) => type === 'abort').length
  expect(count(added.mock.calls)).toBe(count(removed.mock.calls))
})

it.each([-60, 60])(
  'a wall clock that jumps by %i days ends no session: the server is asked once (case A7)',
  async (days) => {
    const auth = await tabs.open()
    await auth.signIn({
      ...tabs.server.signIn(),
      inactivity_expires_in: 3600,
      absolute_expires_in: 86_400,
    } as never)
    await auth.getAuthToken()
    vi.setSystemTime(Date.now() + days * 86_400_000)
    auth.wake()
    const token = await auth.getAuthToken()
    expect(token).toMatch(/^h\./)
    expect(auth.get().status).toBe('valid')
    expect(tabs.refreshes).toHaveLength(1)
    expect(revocations()).toEqual([])
  },
)

/** A database that fails `failures` times when it is opened, and then works. */
const failingDatabase = (failures: number): { readonly opened: number } => {
  const tries = { opened: 0 }
  let stored: unknown
  vi.stubGlobal('indexedDB', {
    open() {
      if (++tries.opened <= failures) throw new DOMException('Connection lost.', 'UnknownError')
      const opening: Record<string, unknown> = {}
      const transaction: Record<string, unknown> = {
        objectStore: () => ({
          get() {
            const reading: Record<string, unknown> = { result: stored }
            queueMicrotask(() => {
              ;(reading['onsuccess'] as () => void)()
              queueMicrotask(() => (transaction['oncomplete'] as () => void)())
            })
            return reading
          },
          put: (value: unknown) => void (stored = value),
        }),
      }
      opening['result'] = { transaction: () => transaction, close() {} }
      queueMicrotask(() => (opening['onsuccess'] as () => void)())
      return opening
    },
  })
  return tries
}

const transport = sessionServer({ url: serverUrl, appId: 'app' })

it('a storage that fails once is read again, and the session shows (case A1)', async () => {
  failingDatabase(0)
  const before = createTokenManager({ transport, environment: tabs.environment() })
  await before.signIn(tabs.server.signIn())
  before.dispose()
  const { open } = indexedDB
  let fails = 1
  vi.stubGlobal('indexedDB', {
    open: (name: string) => {
      if (fails-- > 0) throw new DOMException('Connection lost.', 'UnknownError')
      return open(name)
    },
  })
  const onEvent = vi.fn<(event: unknown) => void>()
  const auth = createTokenManager({ transport, environment: tabs.environment(), onEvent })
  const token = auth.getAuthToken()
  await pass(1000)
  expect(await token).toMatch(/^h\./)
  expect(auth.get().status).toBe('valid')
  await auth.signOut()
  const after = createTokenManager({ transport, environment: tabs.environment() })
  await until(after, 'signed-out')
  expect(after.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
  expect(onEvent).not.toHaveBeenCalled()
})

it('a storage that keeps failing is read three times, and a sign-out that does not reach it rejects (case A1)', async () => {
  const tries = failingDatabase(Infinity)
  const auth = createTokenManager({ transport, environment: tabs.environment() })
  await until(auth, 'signed-out')
  expect(auth.get()).toEqual({ status: 'signed-out', reason: 'unreadable' })
  await pass(60_000)
  expect(tries.opened).toBe(3)
  await expect(auth.signOut()).rejects.toMatchObject({ code: 'storage' })
})

it('a session warning asks the server at most every other second, even if the server always names an end that it does not keep', async () => {
  tabs.server.inactivity = 900
  const auth = await signedIn()
  const stop = sessionWarning(auth, 60, auth.environment).subscribe(() => {})
  await pass(840_000)
  tabs.delivery = () => {
    const result = { ...authResult('s0', 'u1', 'r', tabs.refreshes.length), inactivity_expires_in: 0.001 }
    return Response.json({ auth_result: result }, { status: 201 })
  }
  await pass(60_000)
  const before = tabs.refreshes.length
  await pass(600_000)
  stop()
  expect(tabs.refreshes.length - before).toBeGreaterThan(100)
  expect(tabs.refreshes.length - before).toBeLessThanOrEqual(300)
})
