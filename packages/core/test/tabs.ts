import type { AuthResult } from '@tokenkeep/protocol'
import { vi } from 'vitest'
import { browserEnvironment, type Environment } from '../src/environment.ts'
import type { TokenManager, TokenManagerOptions } from '../src/manager/api.ts'
import { createTokenManager } from '../src/manager/manager.ts'
import { memoryStore } from '../src/stores/store.ts'
import { identity } from '../src/tabs/change.ts'
import type { SessionRecord } from '../src/tabs/record.ts'
import { sessionServer } from '../src/transports/session-server.ts'
import { StrictServer, type Request } from './strict-server.ts'

// Tabs over one storage and one strict server. Tabs can crash, hints can be withheld, and the network can fail. The clock
// is Vitest's fake clock.

/**
 * What the network does with a request:
 * - `served`: the server handles it, and its answer arrives
 * - `lost`: it fails at once, and never reaches the server
 * - `hanging`: it never reaches the server and never ends
 * - `answer-lost`: the server handles it, and the answer is lost
 * - `answer-held`: the server handles it, and the answer arrives after `release()`
 * - a function: it never reaches the server, and the function's answer arrives
 */
export type Delivery =
  | 'served'
  | 'lost'
  | 'hanging'
  | 'answer-lost'
  | 'answer-held'
  | (() => Response | Promise<Response>)

/** What ends when a tab crashes. */
interface TabLife {
  alive: boolean
  readonly unlock: (() => void)[]
  readonly wakes: (() => void)[]
}

const newLife = (): TabLife => ({ alive: true, unlock: [], wakes: [] })

const pending = new Promise<never>(() => {})

/** Resolves to the work's result if the tab is still alive then. Otherwise it never settles. */
const whileAlive = async <T>(life: TabLife, work: Promise<T>): Promise<T> => {
  const result = await work
  return life.alive ? result : pending
}

export interface Tab extends TokenManager<AuthResult> {
  /** The tab's environment, for functions that take one beside a manager. Its events are those of the tab. */
  readonly environment: Environment
  /** Ends the tab in the middle of its work: its locks become free, and none of its work goes on. */
  crash(): void
  /** Tells the tab that it is visible again, as a browser tells a page that was hidden or frozen. */
  wake(): void
}

export const serverUrl = 'https://auth.example.com'
/** The session server's token endpoint. It also names the record. */
export const endpoint = `${serverUrl}/v1/apps/app/tokens`

export class Tabs {
  readonly server = new StrictServer()
  readonly storage = memoryStore()
  /** What the network does with the next requests, in order. After them, `delivery` holds. */
  deliveries: Delivery[] = []
  delivery: Delivery = 'served'
  /** False: no tab gets a hint from another. */
  hints = true
  /** For each channel, the last hint that any tab has sent, as the environment keeps it. */
  readonly lastMessages = new Map<string, unknown>()
  visible = true
  /** For each open channel, who listens, and its name. */
  readonly #listeners = new Map<(message: unknown) => void, string>()
  readonly #open: Tab[] = []
  readonly #held: (() => void)[] = []
  #queue: (() => void)[] = []
  #locked = false

  /** Lets the held answers arrive. */
  release(): void {
    for (const answer of this.#held.splice(0)) answer()
  }
  get refreshes(): Request[] {
    return this.server.requests.filter(({ method }) => method === 'POST')
  }
  readonly record = (): Promise<SessionRecord | undefined> => this.storage.update(endpoint, identity)
  clear(): Promise<unknown> {
    return this.storage.update(endpoint, () => undefined)
  }

  /** The environment of one tab. */
  environment(life: TabLife = newLife()): Environment {
    return {
      ...browserEnvironment,
      fetch: (_, init) => whileAlive(life, this.#fetch(init)),
      lock: async (_, work, timeout) => {
        const free = await this.#lock(timeout)
        life.unlock.push(free)
        if (!life.alive) return free()
        await whileAlive(life, work().finally(free))
      },
      channel: (name, listener, signal) => {
        const own = (message: unknown): void => void (life.alive && listener(message))
        this.#listeners.set(own, name)
        life.wakes.push(listener)
        signal.addEventListener('abort', () => this.#listeners.delete(own))
        return (message) => {
          if (life.alive) this.lastMessages.set(name, message)
          if (!this.hints) return
          for (const [each, its] of this.#listeners)
            if (its === name && each !== own) queueMicrotask(() => each(message))
        }
      },
      lastMessage: (name) => this.lastMessages.get(name),
      isVisible: () => this.visible,
    }
  }

  /** Opens a tab that has not read the storage yet. */
  create(options: Partial<TokenManagerOptions<AuthResult>> = {}): Tab {
    const life = newLife()
    const environment = this.environment(life)
    const manager = createTokenManager({
      transport: sessionServer({ url: serverUrl, appId: 'app' }),
      storage: {
        update: (key, change) => (life.alive ? whileAlive(life, this.storage.update(key, change)) : pending),
      },
      environment,
      ...options,
    })
    const tab: Tab = {
      ...manager,
      environment,
      crash() {
        life.alive = false
        manager.dispose()
        life.unlock.forEach((each) => each())
      },
      wake: () => life.wakes.forEach((each) => each()),
    }
    this.#open.push(tab)
    return tab
  }

  /** Opens a tab, and waits until it has read the storage. */
  async open(options: Partial<TokenManagerOptions<AuthResult>> = {}): Promise<Tab> {
    const tab = this.create(options)
    await vi.waitFor(() => {
      if (tab.get().status === 'refreshing' && !tab.session()) throw new Error('not read yet')
    })
    return tab
  }

  async #fetch(init: RequestInit): Promise<Response> {
    const request = {
      method: init.method!,
      headers: new Headers(init.headers),
      body: JSON.parse(init.body as string) as Record<string, string>,
    }
    this.server.requests.push(request)
    const delivery = this.deliveries.shift() ?? this.delivery
    if (typeof delivery === 'function') return delivery()
    if (delivery === 'hanging') return pending
    const answer = delivery === 'lost' ? undefined : this.server.handle(request)
    if (delivery === 'answer-held') await new Promise<void>((resolve) => this.#held.push(resolve))
    if (!answer || delivery === 'answer-lost') throw new TypeError('Failed to fetch')
    return answer
  }

  /** Waits for the lock, at most `timeout` milliseconds. Resolves to the function that frees it. */
  #lock(timeout: number): Promise<() => void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const acquire = (): void => {
        clearTimeout(timer)
        this.#locked = true
        let held = true
        resolve(() => {
          if (!held) return
          held = false
          this.#locked = false
          this.#queue.shift()?.()
        })
      }
      if (!this.#locked) return acquire()
      this.#queue.push(acquire)
      timer = setTimeout(() => {
        this.#queue = this.#queue.filter((each) => each !== acquire)
        resolve(() => {})
      }, timeout)
    })
  }

  disposeAll(): void {
    for (const tab of this.#open) tab.dispose()
  }
}
