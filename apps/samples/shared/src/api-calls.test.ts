import type { TokenManager } from '@tokenkeep/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startApiCalls } from './api-calls.ts'

/** Milliseconds. */
const LONG = 60_000

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', {})
  // The platform's own deadlines do not follow the clock of this test.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), milliseconds)
    return controller.signal
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A manager of a signed-in user, which gets its token when `arrive` is called. */
const waitingManager = () => {
  let arrive: (token: string) => void = () => {}
  const arrival = new Promise<string>((resolve) => (arrive = resolve))
  const auth = {
    subscribe: () => () => {},
    session: () => ({}),
    getAuthToken: ({ signal }: { signal?: AbortSignal }) =>
      new Promise<string>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        void arrival.then(resolve)
      }),
  }
  return { auth: auth as unknown as TokenManager, arrive }
}

it('a call that waits for its token for a long time counts as waiting, and not as failed (case F44)', async () => {
  vi.stubGlobal('location', new URL('https://app.example/'))
  vi.stubGlobal('fetch', async () => new Response('{}'))
  const { auth, arrive } = waitingManager()
  const calls = startApiCalls(auth)
  await vi.advanceTimersByTimeAsync(LONG)
  expect(calls.get()).toMatchObject({ waiting: 1, failed: 0, ok: 0 })
  arrive('token')
  await vi.advanceTimersByTimeAsync(0)
  expect(calls.get()).toMatchObject({ waiting: 0, failed: 0, ok: 1 })
})

it('a call that the API does not answer in ten seconds has failed', async () => {
  vi.stubGlobal('location', new URL('https://app.example/'))
  vi.stubGlobal(
    'fetch',
    (_: Request, { signal }: RequestInit) =>
      new Promise((_resolve, reject) =>
        signal!.addEventListener('abort', () => reject(signal!.reason as Error)),
      ),
  )
  const { auth, arrive } = waitingManager()
  arrive('token')
  const calls = startApiCalls(auth)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(calls.get()).toMatchObject({ failed: 1, ok: 0, recent: [{ text: 'no answer' }] })
})

it('calls nothing while a server renders the page', () => {
  vi.stubGlobal('document', undefined)
  startApiCalls({} as TokenManager)
  expect(vi.getTimerCount()).toBe(0)
})
