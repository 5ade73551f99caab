import { createTokenManager, type Environment, type TokenManager, type Transport } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { SentRequest, ServerAnswer } from './server.ts'

/** An event that can happen next. An event of a tab waits while the tab is frozen, and is dropped if the tab crashes. */
export interface PendingEvent {
  /**
   * - `request`: the server receives a request. `answer`: a tab receives an answer.
   * - `storage`: the storage performs a transaction. `stored`: the tab learns its result.
   * - `hint`: a tab receives another tab's message. `lock`: a tab gets the lock.
   */
  readonly kind: 'request' | 'answer' | 'storage' | 'stored' | 'hint' | 'lock'
  readonly tab?: Tab
  readonly run: () => void
  readonly request?: Request
}

/** A request on its way to the server. */
export interface Request extends SentRequest {
  /** Milliseconds since the epoch, by the true clock. */
  readonly sentAt: number
  /** Delivers the answer to the tab. Without one, the tab learns that the network has failed. */
  answer(answer?: ServerAnswer): void
}

export interface Tab {
  manager: TokenManager<AuthResult>
  frozen: boolean
  /** Tells the manager that the page has become visible. */
  wake(): void
}

interface Timer {
  /** Milliseconds since the epoch, by the true clock. */
  readonly at: number
  readonly tab: Tab
  readonly run: () => void
}

/**
 * Called after each transaction. The function that it returns is called when the tab learns the result. `inTime` says
 * whether that happens within the manager's timeout.
 */
type OnCommit = (tab: Tab, before: SessionRecord | undefined) => (inTime: boolean) => void

/** The kinds of events that happen in order within a tab. */
const orderedKinds = new Set<PendingEvent['kind']>(['storage', 'stored', 'hint'])

/** How long a write may take before the manager gives up. Milliseconds. */
const storageTimeout = 5000
/** How long an answer may take before the environment gives up. Milliseconds. */
const requestTimeout = 10_000

/**
 * A browser whose tabs share one storage. Nothing happens by itself: each possible event is in `pending` or is a timer, and
 * the caller chooses which is next.
 */
export class Device {
  pending: PendingEvent[] = []
  tabs: Tab[] = []
  /** The true time. Milliseconds since the epoch. */
  time: number
  /** How wrong the clock of the device is. Milliseconds. */
  skew = 0
  record: SessionRecord | undefined
  /** The last hint that any tab has sent. It outlives the tab. */
  lastMessage: unknown
  readonly #transport: Transport<AuthResult>
  readonly #random: () => number
  readonly #onCommit: OnCommit
  #timers: Timer[] = []
  /** The tabs that want the lock. The first one holds it. */
  #queue: { readonly tab: Tab; readonly enter: () => void }[] = []
  #ids = 0

  constructor(time: number, transport: Transport<AuthResult>, random: () => number, onCommit: OnCommit) {
    this.time = time
    this.#transport = transport
    this.#random = random
    this.#onCommit = onCommit
  }

  /** The events that can happen now, without the timers. */
  possible(): PendingEvent[] {
    const seenKinds = new Map<Tab, Set<PendingEvent['kind']>>(this.tabs.map((tab) => [tab, new Set()]))
    return this.pending.filter(({ tab, kind }) => {
      if (!tab) return true
      const seen = seenKinds.get(tab)!
      const waits = tab.frozen || (orderedKinds.has(kind) && seen.has(kind))
      seen.add(kind)
      return !waits
    })
  }

  /** Whether an event can happen before time passes. */
  isBusy(): boolean {
    return this.possible().length > 0 || this.#timers.some(({ at, tab }) => at <= this.time && !tab.frozen)
  }

  perform(event: PendingEvent): void {
    this.pending.splice(this.pending.indexOf(event), 1)
    event.run()
  }

  /** Lets time pass until the next timer, and runs it. Returns false if there is none. */
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
            const startedAt = this.time
            const run = (fails: boolean): void => {
              const before = this.record
              if (!fails) this.record = change(before)
              const after = this.record
              const onResult = fails ? undefined : this.#onCommit(tab, before)
              this.#schedule('stored', tab, () => {
                onResult?.(this.time - startedAt < storageTimeout)
                if (fails) reject(new Error('The storage failed.'))
                else resolve(after)
              })
            }
            this.#schedule('storage', tab, () => run(this.storageFails(tab)))
          }),
      },
    })
    tab.manager = this.mutate(manager)
    return tab
  }

  /** Replaces each new manager. Set by a test that needs a broken one. */
  mutate = (manager: TokenManager<AuthResult>): TokenManager<AuthResult> => manager
  /** What a tab finds when it asks for the last hint. */
  recall = (kept: unknown): unknown => kept
  /** Decides whether a transaction of a tab fails. */
  storageFails = (_tab: Tab): boolean => false

  /** Ends a tab at once. The requests that it has sent stay on their way. */
  crash(tab: Tab): void {
    this.tabs = this.tabs.filter((each) => each !== tab)
    this.pending = this.pending.filter((each) => each.tab !== tab)
    this.#timers = this.#timers.filter((each) => each.tab !== tab)
    for (const entry of this.#queue.filter((each) => each.tab === tab)) this.#release(entry)
  }

  #schedule(kind: PendingEvent['kind'], tab: Tab, run: () => void): void {
    if (this.tabs.includes(tab)) this.pending.push({ kind, tab, run })
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
      entropy: () => ({ now: now(), id: `id-${++this.#ids}`, jitter: this.#random() }),
      fetch: (_, init) => this.#fetch(tab, init as SentRequest),
      lock: async (_, work, wait) => {
        const release = await this.#acquireLock(tab, wait)
        await work().finally(release)
      },
      channel: (_, listener) => {
        this.#listeners.set(tab, listener)
        tab.wake = () => void listener()
        return (message) => {
          if (!this.tabs.includes(tab)) return
          this.lastMessage = message
          this.tabs.forEach(
            (each) => each !== tab && this.#schedule('hint', each, () => this.#listeners.get(each)!(message)),
          )
        }
      },
      lastMessage: () => this.recall(this.lastMessage),
      isVisible: () => true,
    }
  }
  readonly #listeners = new WeakMap<Tab, (message?: unknown) => void>()

  #fetch(tab: Tab, { method, headers, body }: SentRequest): Promise<Response> {
    return new Promise((resolve, reject) => {
      const cancel = this.#after(tab, requestTimeout, () => reject(new TypeError('The request timed out.')))
      const answer = (received?: ServerAnswer): void =>
        this.#schedule('answer', tab, () => {
          cancel()
          if (!received) return reject(new TypeError('Failed to fetch'))
          const { status, headers, body } = received
          // Resolves in a microtask, as the body of a real `Response` does.
          const json = async (): Promise<unknown> => JSON.parse(body)
          resolve({ ok: status < 300, status, headers, json } as Response)
        })
      const request = { method, headers, body, sentAt: this.time, answer }
      this.pending.push({ kind: 'request', request, run() {} })
    })
  }

  /** Resolves when the tab gets the lock, or after `wait` milliseconds without it. Returns a function that releases it. */
  #acquireLock(tab: Tab, wait: number): Promise<() => void> {
    return new Promise((resolve) => {
      const release = (): void => this.#release(entry)
      const cancel = this.#after(tab, wait, () => {
        release()
        resolve(release)
      })
      const enter = (): void => {
        cancel()
        resolve(release)
      }
      const entry = { tab, enter }
      if (this.#queue.push(entry) === 1) this.#schedule('lock', tab, enter)
    })
  }

  #release(entry: { readonly tab: Tab; readonly enter: () => void }): void {
    const held = this.#queue[0] === entry
    this.#queue = this.#queue.filter((each) => each !== entry)
    const next = this.#queue[0]
    if (held && next) this.#schedule('lock', next.tab, next.enter)
  }
}
