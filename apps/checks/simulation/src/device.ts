import { createTokenManager, type Environment, type TokenManager, type Transport } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Answered, Sent } from './server.ts'

/** Something that can happen now. If it belongs to a tab, it waits while the tab is frozen and ends with the tab. */
export interface Ready {
  readonly kind: 'request' | 'answer' | 'storage' | 'stored' | 'hint' | 'lock'
  readonly tab?: Tab
  readonly run: () => void
  readonly request?: Request
}

/** A request on its way to the server. `answer()` without a response means that the network reports a failure. */
export interface Request extends Sent {
  readonly sentAt: number
  answer(answer?: Answered): void
}

export interface Tab {
  manager: TokenManager<AuthResult>
  frozen: boolean
  /** Tells the page that it may have missed messages, as a browser does after a freeze. */
  wake(): void
}

interface Timer {
  readonly at: number
  readonly tab: Tab
  readonly run: () => void
}

/** For each of these kinds, a tab handles the oldest first. */
const ordered = new Set<Ready['kind']>(['storage', 'stored', 'hint'])

/**
 * A browser with tabs that share one storage. Nothing happens by itself: everything that can happen is in `ready` or is a
 * timer, and the walk chooses what happens next.
 */
export class Device {
  ready: Ready[] = []
  tabs: Tab[] = []
  /** The true time, in milliseconds since the epoch. The device's clock is wrong by `skew` milliseconds. */
  time: number
  skew = 0
  record: SessionRecord | undefined
  readonly #transport: Transport<AuthResult>
  readonly #draw: () => number
  readonly #committed: (tab: Tab, before: SessionRecord | undefined) => (inTime: boolean) => void
  #timers: Timer[] = []
  /** The first entry holds the lock. */
  #queue: { readonly tab: Tab; readonly enter: () => void }[] = []
  #ids = 0

  /** Calls `committed` at each transaction, and the function that it returns when the tab gets the result. */
  constructor(
    time: number,
    transport: Transport<AuthResult>,
    draw: () => number,
    committed: (tab: Tab, before: SessionRecord | undefined) => (inTime: boolean) => void,
  ) {
    this.time = time
    this.#transport = transport
    this.#draw = draw
    this.#committed = committed
  }

  /** Everything that can happen before time passes. */
  possible(): Ready[] {
    const first = new Map<Tab, Set<Ready['kind']>>(this.tabs.map((tab) => [tab, new Set()]))
    return this.ready.filter(({ tab, kind }) => {
      if (!tab) return true
      const met = first.get(tab)!
      const waits = tab.frozen || (ordered.has(kind) && met.has(kind))
      met.add(kind)
      return !waits
    })
  }

  /** Whether something can happen before time passes, or a timer is overdue. */
  isBusy(): boolean {
    return this.possible().length > 0 || this.#timers.some(({ at, tab }) => at <= this.time && !tab.frozen)
  }

  take(next: Ready): void {
    this.ready.splice(this.ready.indexOf(next), 1)
    next.run()
  }

  /** Moves the time to the next timer and runs it. Runs an overdue timer at once. */
  tick(): boolean {
    const running = this.#timers.filter(({ tab }) => !tab.frozen)
    if (!running.length) return false
    const next = running.reduce((first, each) => (each.at < first.at ? each : first))
    this.#timers.splice(this.#timers.indexOf(next), 1)
    this.time = Math.max(this.time, next.at)
    next.run()
    return true
  }

  open(): Tab {
    const tab = { frozen: false, wake() {} } as Tab
    this.tabs.push(tab)
    const manager = createTokenManager({
      transport: this.#transport,
      environment: this.#environment(tab),
      storage: {
        update: (_, change) =>
          new Promise((resolve, reject) => {
            const asked = this.time
            const run = (fails: boolean): void => {
              const before = this.record
              if (!fails) this.record = change(before)
              const after = this.record
              const heard = fails ? undefined : this.#committed(tab, before)
              this.#later('stored', tab, () => {
                // After 5 seconds the manager may have given up.
                heard?.(this.time - asked < 5000)
                if (fails) reject(new Error('storage'))
                else resolve(after)
              })
            }
            this.#later('storage', tab, () => run(this.storageFails(tab)))
          }),
      },
    })
    tab.manager = this.mutate(manager)
    return tab
  }

  /** Replaced by a walk that breaks managers. */
  mutate = (manager: TokenManager<AuthResult>): TokenManager<AuthResult> => manager
  /** Replaced by a walk with faults. */
  storageFails = (_tab: Tab): boolean => false

  /** Ends a tab at any step. Its requests stay on their way. */
  crash(tab: Tab): void {
    this.tabs = this.tabs.filter((each) => each !== tab)
    this.ready = this.ready.filter((each) => each.tab !== tab)
    this.#timers = this.#timers.filter((each) => each.tab !== tab)
    for (const entry of this.#queue.filter((each) => each.tab === tab)) this.#leave(entry)
  }

  #later(kind: Ready['kind'], tab: Tab, run: () => void): void {
    if (this.tabs.includes(tab)) this.ready.push({ kind, tab, run })
  }

  #after(tab: Tab, ms: number, run: () => void): () => void {
    const timer = { at: this.time + Math.ceil(ms), tab, run }
    if (this.tabs.includes(tab)) this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((each) => each !== timer))
  }

  #environment(tab: Tab): Environment {
    const now = (): number => this.time + this.skew
    return {
      now,
      after: (ms, callback) => this.#after(tab, ms, callback),
      entropy: () => ({ now: now(), id: `id-${++this.#ids}`, jitter: this.#draw() }),
      fetch: (_, init) => this.#fetch(tab, init as Sent),
      lock: async (_, wait, work) => {
        const leave = await this.#enter(tab, wait)
        await work().finally(leave)
      },
      channel: (_, listener) => {
        this.#listeners.set(tab, listener)
        return (message) =>
          this.tabs.forEach(
            (each) => each !== tab && this.#later('hint', each, () => this.#listeners.get(each)!(message)),
          )
      },
      onWake: (listener) => void (tab.wake = () => void listener()),
      isVisible: () => true,
    }
  }
  readonly #listeners = new WeakMap<Tab, (message: unknown) => void>()

  #fetch(tab: Tab, { method, headers, body }: Sent): Promise<Response> {
    return new Promise((resolve, reject) => {
      const cancel = this.#after(tab, 10_000, () => reject(new TypeError('timeout')))
      const answer = (answered?: Answered): void =>
        this.#later('answer', tab, () => {
          cancel()
          if (!answered) return reject(new TypeError('Failed to fetch'))
          const { status, headers, body } = answered
          // Asynchronous, like the body of a real `Response`.
          const json = async (): Promise<unknown> => JSON.parse(body)
          resolve({ ok: status < 300, status, headers, json } as Response)
        })
      const request = { method, headers, body, sentAt: this.time, answer }
      this.ready.push({ kind: 'request', request, run() {} })
    })
  }

  /** Waits for the lock, but at most `wait` milliseconds. Returns the release. */
  #enter(tab: Tab, wait: number): Promise<() => void> {
    return new Promise((resolve) => {
      const leave = (): void => this.#leave(entry)
      const cancel = this.#after(tab, wait, () => {
        leave()
        resolve(leave)
      })
      const enter = (): void => {
        cancel()
        resolve(leave)
      }
      const entry = { tab, enter }
      if (this.#queue.push(entry) === 1) this.#later('lock', tab, enter)
    })
  }

  #leave(entry: { readonly tab: Tab; readonly enter: () => void }): void {
    const held = this.#queue[0] === entry
    this.#queue = this.#queue.filter((each) => each !== entry)
    const next = this.#queue[0]
    if (held && next) this.#later('lock', next.tab, next.enter)
  }
}
