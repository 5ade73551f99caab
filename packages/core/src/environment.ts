/** Everything the core takes from the world. Times are milliseconds. */
export interface Environment {
  /** The wall clock, since the epoch. */
  now(): number
  /** A clock that never jumps. */
  monotonic(): number
  /** Runs `callback` once, `ms` from now; returns its cancellation. May run early where `ms` is weeks. */
  after(ms: number, callback: () => void): () => void
  /** 128 random bits. */
  id(): string
  /** 0 to 1. */
  jitter(): number
  fetch(input: string, init: RequestInit): Promise<Response>
  /**
   * Runs `work` under an exclusive lock shared by all tabs; after `wait` ms without it, or where there are no
   * locks, all the same.
   */
  lock(name: string, wait: number, work: () => Promise<void>): Promise<void>
  /** Hints between tabs; undefined where there are none. */
  channel(name: string, listener: (message: unknown) => void): Channel | undefined
  /** Calls back when the page may have missed something: woken, shown, restored or online again. */
  wake(listener: () => void): () => void
  visible(): boolean
}

export interface Channel {
  post(message: unknown): void
  close(): void
}

/** setTimeout's limit: a longer delay would fire at once. */
const longest = 2 ** 31 - 1

/** Page events, where there is a page. `visibilitychange` bubbles up to the window. */
function listen(type: string, listener: () => void): () => void {
  globalThis.addEventListener?.(type, listener)
  return () => globalThis.removeEventListener?.(type, listener)
}

const visible = (): boolean => globalThis.document?.visibilityState !== 'hidden'

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, Math.min(ms, longest))
  return () => clearTimeout(timer)
}

export const browserEnvironment: Environment = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after,
  // getRandomValues, for randomUUID is missing in insecure contexts.
  id: () => crypto.getRandomValues(new Uint32Array(4)).join('-'),
  jitter: () => Math.random(),
  fetch: (input, init) => fetch(input, init),
  async lock(name, wait, work) {
    let held = false
    const patience = new AbortController()
    const cancel = after(wait, () => patience.abort())
    try {
      await navigator.locks.request(name, { signal: patience.signal }, () => {
        held = true
        cancel()
        return work()
      })
    } catch (error) {
      cancel()
      // Its own errors are the caller's; without a lock, because there are none or none to be had, the work goes on.
      if (held) throw error
      await work()
    }
  },
  channel(name, listener) {
    if (typeof BroadcastChannel === 'undefined') return undefined
    let channel: BroadcastChannel | undefined
    const close = (): void => {
      channel?.close()
      channel = undefined
    }
    const open = (): void => {
      channel ??= new BroadcastChannel(name)
      channel.onmessage = ({ data }) => listener(data)
    }
    open()
    // An open channel keeps a page out of the back/forward cache.
    const undo = [listen('pagehide', close), listen('pageshow', open), close]
    return {
      post: (message) => channel?.postMessage(message),
      close: () => undo.forEach((each) => each()),
    }
  },
  wake(listener) {
    const woken = (): void => {
      if (visible()) listener()
    }
    const undo = ['pageshow', 'online', 'visibilitychange'].map((type) => listen(type, woken))
    return () => undo.forEach((each) => each())
  },
  visible,
}
