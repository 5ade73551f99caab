import type { Environment, Post } from '../src/environment.ts'
import type { SessionRecord } from '../src/tabs/record.ts'
import type { Store } from '../src/stores/store.ts'

/** A tab's view of storage, locks and hints, in words that can be sent to a tab in another process. */
export interface View {
  /** The number written last, in one transaction like all that follow; undefined where there is none. */
  read(key: string): Promise<number | undefined>
  write(key: string, number: number): Promise<number | undefined>
  /** One more, `times` times at once. */
  count(key: string, times: number): Promise<void>
  /** Resolves once it has the lock, or has waited `wait` milliseconds, to a number to let go by. */
  lock(name: string, wait: number): Promise<number>
  unlock(lock: number): Promise<void>
  /** Works under the lock, which fails; resolves to the error's message. */
  fail(name: string, message: string): Promise<string>
  /** To a number to post, hear and stop by. */
  listen(name: string): Promise<number>
  post(channel: number, message: string): Promise<void>
  /** Everything it heard, once that's `least` messages. */
  heard(channel: number, least: number): Promise<unknown[]>
  stop(channel: number): Promise<void>
}

interface Channel {
  readonly post: Post | undefined
  readonly heard: unknown[]
  readonly end: AbortController
  /** Called with each message. */
  told(): void
}

const record = (generation: number): SessionRecord =>
  ({ v: 1, epoch: 'e', generation, pendingRevocations: [] }) as unknown as SessionRecord

export function viewOf(
  { update }: Store,
  { lock, channel }: Pick<Environment, 'lock'> & Partial<Pick<Environment, 'channel'>>,
): View {
  const held: (() => Promise<void>)[] = []
  const channels: Channel[] = []
  return {
    read: async (key) => (await update(key, (before) => before))?.generation,
    write: async (key, number) => (await update(key, () => record(number)))?.generation,
    async count(key, times) {
      const more = (before: SessionRecord | undefined) => record(before!.generation! + 1)
      await Promise.all(Array.from({ length: times }, () => update(key, more)))
    },
    lock: (name, wait) =>
      new Promise((resolve, reject) => {
        let release = (): void => {}
        const working = lock(name, wait, () => {
          const work = new Promise<void>((done) => (release = done))
          resolve(held.push(() => (release(), working)) - 1)
          return work
        })
        working.catch(reject)
      }),
    unlock: (number) => held[number]!(),
    fail: (name, message) =>
      lock(name, 1000, () => Promise.reject(new Error(message))).then(
        () => 'no error',
        (error: Error) => error.message,
      ),
    async listen(name) {
      const end = new AbortController()
      const heard: unknown[] = []
      const listener = (message: unknown): void => {
        heard.push(message)
        own.told()
      }
      const own: Channel = { heard, end, post: channel?.(name, listener, end.signal), told: () => {} }
      return channels.push(own) - 1
    },
    post: async (number, message) => channels[number]!.post?.(message),
    async heard(number, least) {
      const own = channels[number]!
      while (own.heard.length < least) await new Promise<void>((resolve) => (own.told = resolve))
      return own.heard
    },
    stop: async (number) => channels[number]!.end.abort(),
  }
}
