import type { Entropy } from './tabs/change.ts'
import type { Fetch, HttpRequest, HttpResponse, Signal } from './platform.ts'
import { withoutToken } from './without-token.ts'

/** Everything that the core takes from the platform. All times are milliseconds. */
export interface Environment {
  /** The wall clock: milliseconds since the Unix epoch. */
  now(): number
  /** Calls `callback` after `ms` milliseconds, by a clock that never jumps. Returns a function that cancels the call. */
  after(ms: number, callback: () => void): () => void
  /** The time and new random values. */
  entropy(): Entropy
  /** Sends a request that outlives the page, follows no redirect, and ends within 10 seconds, body included. */
  fetch(input: string, init: HttpRequest): Promise<HttpResponse>
  /**
   * Runs `work` under an exclusive lock that all tabs share. If the lock is not free after `timeout` milliseconds, or the
   * platform has no locks, it runs `work` without the lock.
   */
  lock(name: string, timeout: number, work: () => Promise<void>): Promise<void>
  /** Opens a channel for hints between tabs, until the signal is aborted. Undefined if the platform has none. */
  channel(name: string, listener: (message: unknown) => void, signal: Signal): Post | undefined
  /** Calls `listener` when the page may have missed something: it was frozen, hidden, restored or offline. */
  onWake(listener: () => void, signal: Signal): void
  isVisible(): boolean
}

export type Post = (message: unknown) => void

/** Listens to events of the window, if there is one. Events of the document are caught in the capture phase. */
const listen = (types: string, listener: () => void, signal: AbortSignal): void =>
  types.split(' ').forEach((type) => globalThis.addEventListener?.(type, listener, { capture: true, signal }))

const isVisible = (): boolean => !globalThis.document?.hidden

/**
 * The longest delay that is safe for `setTimeout`. Milliseconds. Browsers wrap a number that does not fit into 32 bits,
 * so a large negative delay may become weeks.
 */
const MAX_DELAY = 2e9
const REQUEST_TIMEOUT = 10_000

/**
 * The browser's clock, locks, channels and events. It also works in Node and in workers, where some of them are missing.
 *
 * @example
 * ```ts
 * import { browserEnvironment, createTokenManager, sessionServer } from '@tokenkeep/core'
 *
 * // The clock of this manager stands still.
 * const environment = { ...browserEnvironment, now: () => 1_700_000_000_000 }
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, environment })
 * ```
 */
export const browserEnvironment: Environment = {
  now: () => Date.now(),
  after(ms, callback) {
    let timer: ReturnType<typeof setTimeout>
    const wait = (rest: number): void => {
      const delay = Math.max(0, Math.min(rest, MAX_DELAY))
      timer = setTimeout(() => (rest > delay ? wait(rest - delay) : callback()), delay)
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
  entropy: () => ({
    now: Date.now(),
    // Insecure contexts have no `randomUUID`.
    id: crypto.getRandomValues(new Uint32Array(4)).join('-'),
    jitter: Math.random(),
  }),
  fetch: (input, init) =>
    withoutToken(() =>
      fetch(input, {
        ...init,
        keepalive: true,
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      }),
    ),
  async lock(name, timeout, work) {
    let working: ReturnType<typeof work> | undefined
    try {
      await navigator.locks.request(name, { signal: AbortSignal.timeout(timeout) }, () => (working = work()))
    } catch {
      // There are no locks, the lock did not become free in time, or other code stole it: the work goes on. Its own
      // error is in `working`.
    }
    return working ?? work()
  },
  channel(name, listener, signal) {
    if (!globalThis.BroadcastChannel) return undefined
    let channel: BroadcastChannel | undefined
    const open = (): void => {
      channel ??= new BroadcastChannel(name)
      channel.onmessage = ({ data }) => listener(data)
    }
    const close = (): void => {
      channel?.close()
      channel = undefined
    }
    open()
    // A page in the back/forward cache is evicted if a message arrives for a channel that it has open.
    listen('pagehide', close, signal)
    listen('pageshow', open, signal)
    signal.addEventListener('abort', close)
    return (message) => channel?.postMessage(message)
  },
  onWake(listener, signal) {
    listen('pageshow online resume', listener, signal)
    // Not when the page becomes hidden: a page that is frozen inside a transaction blocks the storage for all tabs.
    listen('visibilitychange', () => isVisible() && listener(), signal)
  },
  isVisible,
}

/** Runs `work` while no other tab runs work of the same name. Without Web Locks, it runs `work` at once. */
export const exclusively = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  globalThis.navigator?.locks ? (navigator.locks.request(name, work) as Promise<T>) : work()

/** Calls the global `fetch`, looked up at each call: other code may have replaced it. */
export const globalFetch: Fetch = (input, init) => fetch(input, init)
