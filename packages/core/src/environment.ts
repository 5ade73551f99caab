import { DEVELOPMENT } from './development.ts'
import type { Entropy } from './tabs/change.ts'
import type { Fetch, HttpRequest, HttpResponse, Signal } from './platform.ts'

/** Everything that the core takes from the platform. All times are milliseconds. */
export interface Environment {
  /** The wall clock: milliseconds since the Unix epoch. */
  now(): number
  /**
   * Calls `callback` after `ms` milliseconds, by a clock that never jumps. Returns a function that cancels the call.
   * `isAwaited`: a caller waits for the call, so a Node program must not end before it.
   */
  after(ms: number, callback: () => void, isAwaited?: boolean): () => void
  /** The time and new random values. */
  entropy(): Entropy
  /** Sends a request that outlives the page, follows no redirect, and ends within 10 seconds, body included. */
  fetch(input: string, init: HttpRequest): Promise<HttpResponse>
  /**
   * Runs `work` under an exclusive lock that all tabs share. If the lock is not free after `timeout` milliseconds, or the
   * platform has no locks, it runs `work` without the lock.
   */
  lock(name: string, work: () => Promise<void>, timeout: number): Promise<void>
  /**
   * Opens a channel for hints between tabs, until the signal is aborted. If the platform has no channels, no hint
   * arrives. A message may be lost. The last one is also kept, synchronously, so that a page that is being left can
   * still leave a hint.
   *
   * `listener` is also called, without a message, when the page may have missed something: it was frozen, hidden, restored
   * or offline.
   */
  channel(name: string, listener: (message?: unknown) => void, signal: Signal): Post
  /** Returns the last message that any tab has sent through the channel, even if that tab is gone. */
  lastMessage(name: string): unknown
  isVisible(): boolean
}

export type Post = (message: unknown) => void

/** Returns what `work` returns. Undefined if `work` throws, because the platform lacks something or denies it. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Listens to events of the window, if there is one. Events of the document are caught in the capture phase. */
const listen = (types: string, listener: () => void, signal: AbortSignal): void =>
  types
    .split(' ')
    .forEach((type) => attempt(() => addEventListener(type, listener, { capture: true, signal })))

const isVisible = (): boolean => !attempt(() => document.hidden)

/**
 * The longest delay that is safe for `setTimeout`. Milliseconds. Browsers wrap a number that does not fit into 32 bits,
 * so a large negative delay may become weeks.
 */
const MAX_DELAY = 2e9
/** How long a request may take, body included. Milliseconds. */
export const REQUEST_TIMEOUT = 10_000

/** Where the last message of a channel is kept. */
const lastOf = (name: string): string => `${name} hint`

const after: Environment['after'] = (ms, callback, isAwaited) => {
  let timer: ReturnType<typeof setTimeout>
  const wait = (): void => {
    const delay = Math.max(0, Math.min(ms, MAX_DELAY))
    ms -= delay
    timer = setTimeout(ms > 0 ? wait : callback, delay)
    // Browsers return a number. Node would wait for the timer before the program ends.
    if (DEVELOPMENT && !isAwaited) (timer as { unref?(): void }).unref?.()
  }
  wait()
  return () => clearTimeout(timer)
}

/**
 * The browser's clock, locks, channels and events. It also works in Node and in web workers, where some of them are
 * missing. For React Native, Cloudflare Workers and older platforms, there is `portableEnvironment`.
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
  after,
  entropy: () => ({
    now: Date.now(),
    // Insecure contexts have no `randomUUID`.
    id: crypto.getRandomValues(new Uint32Array(4)).join('-'),
    jitter: Math.random(),
  }),
  fetch: (input, init) =>
    fetch(input, {
      ...init,
      keepalive: true,
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      // The global `fetch` may be one that `createAuthFetch` made. A refresh must not wait for its own token.
      authToken: 'never',
    } as RequestInit),
  lock: exclusively,
  channel(name, listener, signal) {
    let channel: BroadcastChannel | undefined
    const close = (): void => channel?.close()
    const open = (): void =>
      attempt(() => {
        close()
        channel = new BroadcastChannel(name)
        channel.onmessage = ({ data }) => listener(data)
        // Node would wait for messages before the program ends.
        if (DEVELOPMENT) (channel as { unref?(): void }).unref?.()
      })
    open()
    // A page in the back/forward cache is evicted if a message arrives for a channel that it has open.
    listen('pagehide', close, signal)
    listen('pageshow', open, signal)
    listen('pageshow online resume', () => listener(), signal)
    // Nothing is read when the page becomes hidden: a page that is frozen inside a transaction blocks the storage for
    // all tabs.
    listen('visibilitychange', () => isVisible() && listener(), signal)
    signal.addEventListener('abort', close)
    return (message) => {
      attempt(() => (localStorage[lastOf(name)] = JSON.stringify(message)))
      attempt(() => channel?.postMessage(message))
    }
  },
  lastMessage: (name) => attempt(() => JSON.parse(localStorage[lastOf(name)] as string)),
  isVisible,
}

/**
 * Runs `work` while no other tab runs work of the same name. Without Web Locks, if they fail, or if the lock is not free
 * after `timeout` milliseconds, it runs `work` without the lock.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>, timeout?: number): Promise<T> {
  let working: Promise<T> | undefined
  const begin = (): Promise<T> => (working ??= work())
  try {
    await Promise.race([
      navigator.locks.request(name, begin),
      new Promise<void>((resolve) => timeout && after(timeout, resolve)),
    ])
  } catch {
    // An error of the work itself is in `working`. If other code stole the lock, the work goes on.
  }
  return begin()
}

/** Calls the global `fetch`, looked up at each call: other code may have replaced it. */
export const globalFetch: Fetch = (input, init) => fetch(input, init)
