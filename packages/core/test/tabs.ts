import { vi } from 'vitest'
import type { TokenManager, TokenManagerOptions } from '../src/manager/api.ts'
import { browserEnvironment, type Environment } from '../src/environment.ts'
import { createTokenManager } from '../src/manager/manager.ts'
import type { SessionRecord } from '../src/tabs/record.ts'
import { sessionServer } from '../src/transports/session-server.ts'
import { memoryStore } from '../src/stores/store.ts'
import { lifetime, StrictServer, type Request } from './strict-server.ts'

// Tabs over one storage and one strict server. Tabs can crash, hints can be withheld, and each request can meet a
// fate. Time is Vitest's.

/**
 * What may become of a request: served; lost on the way, at once or without a word; its answer lost; its answer held
 * until released; or another's answer.
 */
export type Fate = 'served' | 'lost' | 'vanished' | 'unanswered' | 'held' | (() => Response)

/** A tab's life: what ends with it. */
interface Life {
  alive: boolean
  readonly unlock: (() => void)[]
  readonly wakes: (() => void)[]
}

const never = new Promise<never>(() => {})

/** The work's result, for as long as the tab lives; then nothing ever comes of it. */
const living = async <T>(life: Life, work: Promise<T>): Promise<T> => {
  const result = await work
  return life.alive ? result : never
}

export interface Tab extends TokenManager<never> {
  /** Ends the tab at whatever it is in the middle of: its locks are free, and nothing of it goes on. */
  crash(): void
  /** What the browser tells a page that comes back. */
  wake(): void
}

export class Tabs {
  readonly server = new StrictServer()
  readonly storage = memoryStore()
  /** The fates of the next requests, in their order; then all are served. */
  fates: Fate[] = []
  /** False: no tab hears of another. */
  hints = true
  visible = true
  readonly #listeners = new Set<(message: unknown) => void>()
  readonly #open: TokenManager[] = []
  readonly #held: (() => void)[] = []
  #queue: (() => void)[] = []
  #locked = false

  release(): void {
    for (const answer of this.#held.splice(0)) answer()
  }
  get refreshes(): Request[] {
    return this.server.requests.filter(({ method }) => method === 'POST')
  }
  readonly record = (): Promise<SessionRecord | undefined> =>
    this.storage.update('https://auth.example.com/v1/apps/app/tokens', (record) => record)
  clear(): Promise<unknown> {
    return this.storage.update('https://auth.example.com/v1/apps/app/tokens', () => undefined)
  }

  /** What one tab takes from the world. */
  environment(life: Life = { alive: true, unlock: [], wakes: [] }): Environment {
    return {
      ...browserEnvironment,
      fetch: (_, init) => living(life, this.#fetch(init)),
      lock: async (_, wait, work) => {
        const free = await this.#lock(wait)
        life.unlock.push(free)
        if (!life.alive) return free()
        await living(life, work().finally(free))
      },
      channel: (_, listener, signal) => {
        const own = (message: unknown): void => void (life.alive && listener(message))
        this.#listeners.add(own)
        signal.addEventListener('abort', () => this.#listeners.delete(own))
        return (message) =>
          this.#listeners.forEach((each) => this.hints && each !== own && queueMicrotask(() => each(message)))
      },
      onWake: (listener) => void life.wakes.push(listener),
      isVisible: () => this.visible,
    }
  }

  async open(options: Partial<TokenManagerOptions<never>> = {}): Promise<Tab> {
    const life: Life = { alive: true, unlock: [], wakes: [] }
    const manager = createTokenManager({
      transport: sessionServer({ url: 'https://auth.example.com', appId: 'app' }),
      storage: {
        update: (key, change) => (life.alive ? living(life, this.storage.update(key, change)) : never),
      },
      environment: this.environment(life),
      ...options,
    })
    this.#open.push(manager as TokenManager)
    await vi.waitFor(() => {
      if (manager.get().status === 'refreshing' && !manager.session()) throw new Error('not read yet')
    })
    return {
      ...(manager as TokenManager<never>),
      crash() {
        life.alive = false
        manager.dispose()
        life.unlock.forEach((each) => each())
      },
      wake: () => life.wakes.forEach((each) => each()),
    }
  }

  async #fetch(init: RequestInit): Promise<Response> {
    const request = {
      method: init.method!,
      headers: new Headers(init.headers),
      body: JSON.parse(init.body as string) as Record<string, string>,
    }
    this.server.requests.push(request)
    const fate = this.fates.shift() ?? 'served'
    if (typeof fate === 'function') return fate()
    if (fate === 'vanished') return new Promise(() => {})
    const answer = fate === 'lost' ? undefined : this.server.handle(request)
    if (fate === 'held') await new Promise<void>((resolve) => this.#held.push(resolve))
    if (!answer || fate === 'unanswered') throw new TypeError('Failed to fetch')
    return answer
  }

  /** Granted in turn, or after `wait` not at all; returns the release. */
  #lock(wait: number): Promise<() => void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const grant = (): void => {
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
      if (!this.#locked) return grant()
      this.#queue.push(grant)
      timer = setTimeout(() => {
        this.#queue = this.#queue.filter((each) => each !== grant)
        resolve(() => {})
      }, wait)
    })
  }

  end(): void {
    for (const manager of this.#open) manager.dispose()
  }
}

/** The auth token's life passes. */
export const lapse = (): Promise<unknown> => vi.advanceTimersByTimeAsync(lifetime * 1000)
