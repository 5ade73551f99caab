import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { stubBrowser, type FakePlatform } from '../test/fake-platform.ts'
import { StrictServer } from '../test/strict-server.ts'
import { serverUrl } from '../test/tabs.ts'
import { browserEnvironment } from './environment.ts'
import { isTokenError } from './errors.ts'
import { createTokenManager } from './manager/manager.ts'
import { portableEnvironment } from './platforms/portable.ts'
import { sessionServer } from './transports/session-server.ts'

// The platform table of docs/cross-tab.md: each call into the platform, and each way in which it can fail. In every
// row, a manager can be created, and every call settles.

/** How a call fails. A call that returns no promise can only be absent or throw. */
const ways = ['absent', 'throws', 'throws once', 'rejects', 'rejects once', 'hangs'] as const
type Way = (typeof ways)[number]

const fault = (): Error => new DOMException('A fault of the platform.', 'UnknownError')

/** Returns a function that fails in this way, and otherwise calls `works`. */
function broken<Args extends unknown[], Result>(way: Way, works: (...args: Args) => Result) {
  let calls = 0
  return function (this: unknown, ...args: Args): Result {
    const isFirst = calls++ === 0
    if (way === 'absent') throw new TypeError('It is not a function.')
    if (way === 'throws' || (way === 'throws once' && isFirst)) throw fault()
    if (way === 'rejects' || (way === 'rejects once' && isFirst)) return Promise.reject(fault()) as Result
    if (way === 'hangs') return new Promise(() => {}) as Result
    return works.apply(this, args)
  }
}

/** An opening, or a transaction, that reports an error or nothing. */
const event = (way: Way, on: 'onerror' | 'onabort', works: () => unknown) => {
  let calls = 0
  return (): unknown => {
    const isFirst = calls++ === 0
    if (way === 'throws' || (way === 'throws once' && isFirst)) throw fault()
    if (way === 'hangs') return { objectStore: () => ({ get: () => ({}) }) }
    if (way !== 'rejects' && !(way === 'rejects once' && isFirst)) return works()
    const failed: Record<string, unknown> = { error: fault(), objectStore: () => ({ get: () => ({}) }) }
    queueMicrotask(() => (failed[on] as () => void)())
    return failed
  }
}

/** Like every `fetch`, it obeys its signal. */
const hangingFetch = (_: string, { signal }: RequestInit): Promise<never> =>
  new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)))

/** How each call is broken. */
const calls: Record<string, (platform: FakePlatform, way: Way) => void> = {
  BroadcastChannel: (_, way) =>
    vi.stubGlobal(
      'BroadcastChannel',
      way === 'absent' ? undefined : broken(way, function () {} as () => void),
    ),
  'BroadcastChannel.postMessage': ({ BroadcastChannel }, way) =>
    vi.stubGlobal(
      'BroadcastChannel',
      class extends BroadcastChannel {
        override postMessage = way === 'absent' ? (undefined as never) : broken(way, () => {})
      },
    ),
  'navigator.locks': ({ navigator }, way) =>
    vi.stubGlobal(
      'navigator',
      way === 'absent' ? {} : { locks: { request: broken(way, navigator.locks.request) } },
    ),
  'indexedDB.open': ({ indexedDB }, way) =>
    vi.stubGlobal(
      'indexedDB',
      way === 'absent' ? undefined : { open: event(way, 'onerror', () => indexedDB.open()) },
    ),
  'a transaction': ({ indexedDB }, way) => {
    const { transaction } = indexedDB
    indexedDB.transaction = way === 'absent' ? (undefined as never) : event(way, 'onabort', transaction)
  },
  localStorage: (_, way) => {
    const get = way === 'absent' ? (): unknown => undefined : broken(way, () => ({}))
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
  },
  'AbortSignal.timeout': (_, way) =>
    void vi.spyOn(AbortSignal, 'timeout').mockImplementation(broken(way, AbortSignal.timeout)),
  'AbortSignal.any': (_, way) =>
    void vi.spyOn(AbortSignal, 'any').mockImplementation(broken(way, AbortSignal.any)),
  'URL.canParse': (_, way) => void vi.spyOn(URL, 'canParse').mockImplementation(broken(way, () => true)),
  crypto: ({ crypto }, way) =>
    vi.stubGlobal(
      'crypto',
      way === 'absent' ? undefined : { getRandomValues: broken(way, crypto.getRandomValues) },
    ),
  document: (_, way) =>
    vi.stubGlobal(
      'document',
      way === 'absent' ? undefined : Object.defineProperty({}, 'hidden', { get: broken(way, () => false) }),
    ),
  navigator: (_, way) =>
    vi.stubGlobal(
      'navigator',
      way === 'absent' ? undefined : Object.defineProperty({}, 'locks', { get: broken(way, () => {}) }),
    ),
  addEventListener: (_, way) =>
    vi.stubGlobal('addEventListener', way === 'absent' ? undefined : broken(way, () => {})),
  fetch: ({ fetch }, way) =>
    vi.stubGlobal(
      'fetch',
      way === 'absent' ? undefined : way === 'hangs' ? hangingFetch : broken(way, fetch),
    ),
}

/** Calls that return no promise. */
const synchronous = new Set(
  Object.keys(calls).filter(
    (name) => !['navigator.locks', 'indexedDB.open', 'a transaction', 'fetch'].includes(name),
  ),
)

/**
 * What happens if not everything works: the code of the error that each step gets. `memory`: the session is kept in the
 * tab's memory.
 */
interface Row {
  readonly signIn?: string
  readonly refresh?: string
  readonly signOut?: string
  readonly degraded?: true
}
const works: Row = {}
const memory: Row = { degraded: true }
const noStorage: Row = { signIn: 'storage', refresh: 'storage', signOut: 'storage' }
const exceptions: Record<string, Partial<Record<Way, Row>>> = {
  'indexedDB.open': { absent: noStorage, throws: memory, rejects: memory, hangs: noStorage },
  'a transaction': { absent: memory, throws: memory, rejects: memory, hangs: noStorage },
  fetch: {
    absent: { refresh: 'unreachable' },
    throws: { refresh: 'unreachable' },
    rejects: { refresh: 'unreachable' },
    hangs: { refresh: 'unreachable' },
  },
}

/** Where each environment works. Every browser has `crypto` and `AbortSignal.timeout`; other platforms may lack them. */
const environments = { browserEnvironment, portableEnvironment }
const onlyPortable = new Set(['AbortSignal.timeout', 'crypto'])

let platform: FakePlatform
let server: StrictServer
beforeEach(() => {
  vi.useFakeTimers()
  // The fake clock does not reach the platform's own timer.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const deadline = new AbortController()
    setTimeout(() => deadline.abort(), ms)
    return deadline.signal
  })
  server = new StrictServer()
  platform = stubBrowser(async (_, { method, headers, body }) =>
    server.handle({
      method: method!,
      headers: new Headers(headers),
      body: JSON.parse(body as string) as Record<string, string>,
    }),
  )
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  Reflect.deleteProperty(globalThis, 'localStorage')
})

/** Lets all timers run, and returns how the call settled. */
async function settle(call: Promise<unknown>): Promise<string | undefined> {
  const outcome = call.then(
    () => undefined,
    (error: Error) => (isTokenError(error) ? error.code : error.name),
  )
  await vi.advanceTimersByTimeAsync(120_000)
  return Promise.race([outcome, Promise.resolve().then(() => 'never settles')])
}

const rows = Object.entries(environments).flatMap(([environment, env]) =>
  Object.keys(calls)
    .filter((name) => env === portableEnvironment || !onlyPortable.has(name))
    .map((name) => [environment, name, env] as const),
)
describe.each(rows)('%s, %s', (_, name, environment) => {
  it.each(ways.filter((way) => (synchronous.has(name) ? !/rejects|hangs/.test(way) : true)))(
    '%s: the manager mounts, and every call settles (cases A1, A3, A4)',
    async (way) => {
      calls[name]!(platform, way)
      const row = exceptions[name]?.[way] ?? works
      const onEvent = vi.fn<(event: { type: string }) => void>()
      const transport = sessionServer({ url: serverUrl, appId: 'app' })
      const auth = createTokenManager({ transport, environment, onEvent })
      await vi.advanceTimersByTimeAsync(2000)
      expect(await settle(auth.signIn(server.signIn()))).toBe(row.signIn)
      await vi.advanceTimersByTimeAsync(300_000)
      expect(await settle(auth.getAuthToken())).toBe(row.refresh)
      expect(await settle(auth.signOut())).toBe(row.signOut)
      if (row !== exceptions['indexedDB.open']!.absent) expect(auth.get().status).toBe('signed-out')
      const isDegraded = onEvent.mock.calls.some(([{ type }]) => type === 'storage-degraded')
      expect(isDegraded).toBe(row.degraded ?? false)
      auth.dispose()
    },
  )
})
