/** Everything the core takes from the world. Times are milliseconds. */
export interface Environment {
  /** The wall clock, since the epoch. */
  now(): number
  /** A clock that never jumps. */
  monotonic(): number
  /** Runs `callback` once, `ms` from now; returns its cancellation. */
  after(ms: number, callback: () => void): () => void
  /** 128 random bits. */
  id(): string
  /** 0 to 1. */
  jitter(): number
  fetch(input: string, init: RequestInit): Promise<Response>
  /**
   * Runs `work` under an exclusive lock shared by all tabs. After `wait` ms without it, or where there are no
   * locks, runs it all the same and says so.
   */
  lock(name: string, wait: number, work: (lock: 'held' | 'timeout' | 'none') => Promise<void>): Promise<void>
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

export const browserEnvironment: Environment = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, longest))
    return () => clearTimeout(timer)
  },
  // getRandomValues, for randomUUID is missing in insecure contexts.
  id: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    ),
  jitter: () => Math.random(),
  fetch: (input, init) => fetch(input, init),
  async lock(name, wait, work) {
    const locks = globalThis.navigator?.locks
    if (!locks) return work('none')
    let held = false
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), wait)
    try {
      await locks.request(name, { signal: patience.signal }, () => {
        held = true
        clearTimeout(timer)
        return work('held')
      })
    } catch (error) {
      clearTimeout(timer)
      if (held) throw error
      await work(patience.signal.aborted ? 'timeout' : 'none')
    }
  },
  channel(name, listener) {
    if (typeof BroadcastChannel === 'undefined') return undefined
    let channel: BroadcastChannel | undefined
    const open = (): void => {
      channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }) => listener(data)
    }
    const hide = (): void => {
      channel?.close()
      channel = undefined
    }
    open()
    // An open channel keeps a page out of the back/forward cache.
    const page = typeof document === 'undefined' ? undefined : globalThis
    const show = (event: Event): void => {
      if ((event as PageTransitionEvent).persisted) open()
    }
    page?.addEventListener('pagehide', hide)
    page?.addEventListener('pageshow', show)
    return {
      post: (message) => channel?.postMessage(message),
      close() {
        page?.removeEventListener('pagehide', hide)
        page?.removeEventListener('pageshow', show)
        hide()
      },
    }
  },
  wake(listener) {
    if (typeof document === 'undefined') return () => {}
    const visible = (): void => {
      if (document.visibilityState === 'visible') listener()
    }
    document.addEventListener('visibilitychange', visible)
    for (const event of ['pageshow', 'online']) addEventListener(event, listener)
    return () => {
      document.removeEventListener('visibilitychange', visible)
      for (const event of ['pageshow', 'online']) removeEventListener(event, listener)
    }
  },
  visible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
}
