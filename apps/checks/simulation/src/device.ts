import { createTokenManager, type Environment, type TokenManager, type Transport } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Answered, Sent } from './server.ts'

/** Something that can happen now. What belongs to a tab goes with it, and waits while it is frozen. */
export interface Ready {
  readonly kind: 'request' | 'answer' | 'storage' | 'stored' | 'hint' | 'lock'
  readonly tab?: Tab
  readonly run: () => void
  readonly request?: Request
}

/** On its way to the server. `answer`: undefined where the network says that it failed. */
export interface Request extends Sent {
  readonly sentAt: number
  answer(answer?: Answered): void
}

export interface Tab {
  manager: TokenManager<AuthResult>
  frozen: boolean
  /** Tells the page that it may have missed something. */
  wake(): void
}

interface Timer {
  readonly at: number
  readonly tab: Tab
  readonly run: () => void
}

/** In these, what comes first is done first. */
const ordered = new Set<Ready['kind']>(['storage', 'stored', 'hint'])

/**
 * A browser with tabs, over one storage. Nothing happens in it by itself: each thing that could is one of `ready`, or
 * a timer, and whoever walks it says which is next.
 */
export class Device {
  ready: Ready[] = []
  tabs: Tab[] = []
  /** Milliseconds since the epoch. The wall clock is wrong by `skew`. */
  time: number
  skew = 0
  record: SessionRecord | undefined
  readonly #transport: Transport<AuthResult>
  readonly #draw: () => number
  readonly #committed: (tab: Tab, before: SessionRecord | undefined) => (inTime: boolean) => void
  #timers: Timer[] = []
  /** The first one holds the lock. */
  #queue: { readonly tab: Tab; readonly enter: () => void }[] = []
  #ids = 0

  /** `committed` hears of each transaction, and what it returns, of when the tab does. */
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

  /** What can happen now, but for time. */
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

  /** Whether anything is to be done before time passes. */
  isBusy(): boolean {
    return this.possible().length > 0 || this.#timers.some(({ at, tab }) => at <= this.time && !tab.frozen)
  }

  take(next: Ready): void {
    this.ready.splice(this.ready.indexOf(next), 1)
    next.run()
  }

  /** Lets time pass to the next timer and runs it; one that is overdue at once. */
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
                // Later than that, the manager may have given up.
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

  /** To be replaced by whoever breaks managers. */
  mutate = (manager: TokenManager<AuthResult>): TokenManager<AuthResult> => manager
  /** To be replaced by whoever knows of faults. */
  storageFails = (_tab: Tab): boolean => false

  /** Ends a tab in the middle of whatever it does. What it has sent is on its way. */
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
          // As a microtask: a real `Response` takes its time to be read.
          const json = async (): Promise<unknown> => JSON.parse(body)
          resolve({ ok: status < 300, status, headers, json } as Response)
        })
      const request = { method, headers, body, sentAt: this.time, answer }
      this.ready.push({ kind: 'request', request, run() {} })
    })
  }

  /** In turn, or after `wait` all the same; returns the release. */
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
