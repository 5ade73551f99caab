import type { Environment } from '../environment.ts'
import type { TokenManager } from './api.ts'
import { sessionEnd, type SessionEnd } from './session-end.ts'

/** A value that changes with time. */
export interface Readable<T> {
  /** Returns the value. It is the same (`Object.is`) until it changes. */
  get(): T
  /** Calls `listener` after each change. Returns a function that ends the subscription. Only subscriptions set timers. */
  subscribe(listener: () => void): () => void
}

/** How a value follows from the time that is left. All times are milliseconds. */
interface View<T> {
  /** The value for a session that ends in `left`; `left` is 0 or less once it is over. */
  valueOf(end: SessionEnd, left: number): T | undefined
  /** Returns how long the value stays the same, at least. `left` is more than 0. */
  delayOf(left: number): number
  /** Called when the session has been over for `OVER_DELAY`; again after the page has missed something. */
  onOver?(): void
}

/**
 * The longest wait for a timer. A device that sleeps stops its timers, and no event tells that it has woken. Milliseconds.
 */
const MAX_DELAY = 30_000
/** How long a page that was frozen waits for its manager to read the record. Milliseconds. */
const WAKE_DELAY = 1000
const WAKE_CHANNEL = 'tokenkeep wake'
/** Some servers count in whole seconds, so a session may live a little longer than they say. Milliseconds. */
const OVER_DELAY = 2000

/**
 * Counts down to the end of the session. It follows the timers or the wall clock, whichever has moved further: a wall
 * clock may be set back, and timers stop while a device sleeps.
 */
export function sessionClock<T>(
  auth: Pick<TokenManager, 'get' | 'subscribe'>,
  env: Environment,
  { valueOf, delayOf, onOver }: View<T>,
): Readable<T | undefined> {
  const listeners = new Set<() => void>()
  let end: SessionEnd | undefined
  let left = 0
  let lookedAt = 0
  let value: T | undefined
  let cancel = (): void => {}
  let stop = (): void => {}

  /** Brings the value up to date. `passed` is the time since the last call, by a clock that never jumps. */
  function look(passed = 0): void {
    const now = env.now()
    const next = sessionEnd(auth.get())
    if (isSame(end, next)) left -= Math.max(passed, now - lookedAt)
    else {
      end = next
      left = next ? next.endsAt - now : 0
    }
    lookedAt = now
    value = end && valueOf(end, left)
  }

  /** Brings the value up to date, and does so again when it may change. */
  function run(passed?: number): void {
    cancel()
    look(passed)
    if (!end) return
    const delay = Math.min(delayOf(left), MAX_DELAY)
    if (left > 0) cancel = env.after(delay, () => notify(delay))
    else if (onOver) cancel = env.after(OVER_DELAY, onOver)
  }

  function notify(passed?: number): void {
    const before = value
    run(passed)
    if (!Object.is(value, before)) for (const listener of listeners) listener()
  }

  function start(): void {
    const waking = new AbortController()
    const onWake = (): void => {
      if (waking.signal.aborted) return
      cancel()
      cancel = env.after(WAKE_DELAY, notify)
    }
    const unsubscribe = auth.subscribe(() => isSame(end, sessionEnd(auth.get())) || notify())
    // Nobody sends a message through this channel: it only tells when the page wakes.
    env.channel(WAKE_CHANNEL, onWake, waking.signal)
    run()
    stop = () => {
      waking.abort()
      unsubscribe()
      cancel()
    }
  }

  return {
    get() {
      if (!listeners.size) look()
      return value
    },
    subscribe(listener) {
      const own = (): void => listener()
      listeners.add(own)
      if (listeners.size === 1) start()
      return () => {
        if (listeners.delete(own) && !listeners.size) stop()
      }
    },
  }
}

const isSame = (one: SessionEnd | undefined, other: SessionEnd | undefined): boolean =>
  one?.endsAt === other?.endsAt && one?.canStay === other?.canStay
