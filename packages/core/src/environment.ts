import type { Draw } from './tabs/protocol.ts'
import type { Fetch, HttpRequest, HttpResponse, Signal } from './platform.ts'

/** Everything the core takes from the world. Times are milliseconds. */
export interface Environment {
  /** The wall clock, since the epoch. */
  now(): number
  /** Runs `callback` once, `ms` from now by a clock that never jumps; returns its cancellation. */
  after(ms: number, callback: () => void): () => void
  /** The time, and what chance brings: new each time. */
  draw(): Draw
  /** Outlives the page, follows no redirect, and ends within ten seconds, the body included. */
  fetch(input: string, init: HttpRequest): Promise<HttpResponse>
  /**
   * Runs `work` under an exclusive lock shared by all tabs; after `wait` ms without it, or where there are no
   * locks, all the same.
   */
  lock(name: string, wait: number, work: () => Promise<void>): Promise<void>
  /** Hints between tabs, until the signal; undefined where there are none. */
  channel(name: string, listener: (message: unknown) => void, signal: Signal): Post | undefined
  /** Calls back when the page may have missed something: woken, shown, restored or online again. */
  wake(listener: () => void, signal: Signal): void
  visible(): boolean
}

export type Post = (message: unknown) => void

/** Events of the page, where there is one. Those of the document are caught on their way down. */
const listen = (types: string, listener: () => void, signal: AbortSignal): void =>
  types.split(' ').forEach((type) => globalThis.addEventListener?.(type, listener, { capture: true, signal }))

const visible = (): boolean => !globalThis.document?.hidden

export const browserEnvironment: Environment = {
  now: () => Date.now(),
  after(ms, callback) {
    let timer: ReturnType<typeof setTimeout>
    // A timer takes 2^31 ms and no more.
    const wait = (rest: number): void => {
      timer = setTimeout(() => (rest > 2e9 ? wait(rest - 2e9) : callback()), Math.min(rest, 2e9))
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
  draw: () => ({
    now: Date.now(),
    // getRandomValues, for randomUUID is missing in insecure contexts.
    id: crypto.getRandomValues(new Uint32Array(4)).join('-'),
    jitter: Math.random(),
  }),
  fetch: (input, init) =>
    fetch(input, {
      ...init,
      keepalive: true,
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    }),
  async lock(name, wait, work) {
    let held: ReturnType<typeof work> | undefined
    try {
      await navigator.locks.request(name, { signal: AbortSignal.timeout(wait) }, () => (held = work()))
    } catch {
      // None, none to be had, or stolen: the work goes on. Its own error is in what it returned.
    }
    return held ?? work()
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
    // A page with an open channel is thrown out of the back/forward cache by the first message for it.
    listen('pagehide', close, signal)
    listen('pageshow', open, signal)
    signal.addEventListener('abort', close)
    return (message) => channel?.postMessage(message)
  },
  wake(listener, signal) {
    listen('pageshow online resume', listener, signal)
    // Never while it is being hidden: frozen in the middle of a transaction, it would keep the storage from all others.
    listen('visibilitychange', () => visible() && listener(), signal)
  },
  visible,
}

/** Runs `work` while no other tab runs the like; where there are no locks, all the same. */
export const exclusively = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  globalThis.navigator?.locks ? (navigator.locks.request(name, work) as Promise<T>) : work()

/** The global one, looked up at each call: others may have put their own in its place. */
export const plainFetch: Fetch = (input, init) => fetch(input, init)
