import type { Environment, Post } from '../src/environment.ts'
import type { SessionRecord, SignedInRecord } from '../src/tabs/record.ts'
import { signedInRecord } from './records.ts'
import type { Store } from '../src/stores/store.ts'

/**
 * What a tab sees of storage, locks and hints. Arguments and results are plain data, so that a test can call a tab in
 * another process. A record holds one number; locks and channels are referred to by numbers.
 */
export interface View {
  /** Resolves to the number that was written last, or to undefined. */
  read(key: string): Promise<number | undefined>
  /** Writes a number in one transaction, and resolves to it. */
  write(key: string, number: number): Promise<number | undefined>
  /** Adds 1 in each of `times` simultaneous transactions. */
  count(key: string, times: number): Promise<void>
  /** Waits for the lock, at most `timeout` milliseconds. Resolves to the number that `unlock` takes. */
  lock(name: string, timeout: number): Promise<number>
  unlock(lock: number): Promise<void>
  /** Runs work that fails under the lock. Resolves to the message of the error that the caller gets. */
  fail(name: string, message: string): Promise<string>
  /** Opens a channel. Resolves to the number that `post`, `received` and `stop` take. */
  listen(name: string): Promise<number>
  post(channel: number, message: string): Promise<void>
  /** Waits for at least `count` messages. Resolves to all messages so far. */
  received(channel: number, count: number): Promise<unknown[]>
  stop(channel: number): Promise<void>
}

interface Channel {
  readonly post: Post | undefined
  readonly messages: unknown[]
  readonly end: AbortController
  /** Called after each message. */
  onMessage(): void
}

/** Keeps the number as the generation of a record. */
const recordOf = (generation: number): SignedInRecord => signedInRecord({ generation })

export function viewOf(
  { update }: Store,
  { lock, channel }: Pick<Environment, 'lock'> & Partial<Pick<Environment, 'channel'>>,
): View {
  const held: (() => Promise<void>)[] = []
  const channels: Channel[] = []
  return {
    read: async (key) => (await update(key, (before) => before))?.generation,
    write: async (key, number) => (await update(key, () => recordOf(number)))?.generation,
    async count(key, times) {
      const more = (before: SessionRecord | undefined) => recordOf(before!.generation! + 1)
      await Promise.all(Array.from({ length: times }, () => update(key, more)))
    },
    lock: (name, timeout) =>
      new Promise((resolve, reject) => {
        let release = (): void => {}
        const working = lock(
          name,
          () => {
            const work = new Promise<void>((done) => (release = done))
            resolve(held.push(() => (release(), working)) - 1)
            return work
          },
          timeout,
        )
        working.catch(reject)
      }),
    unlock: (number) => held[number]!(),
    fail: (name, message) =>
      lock(name, () => Promise.reject(new Error(message)), 1000).then(
        () => 'no error',
        (error: Error) => error.message,
      ),
    async listen(name) {
      const end = new AbortController()
      const messages: unknown[] = []
      const listener = (message?: unknown): void => {
        // A page that wakes calls it without a message.
        if (message === undefined) return
        messages.push(message)
        own.onMessage()
      }
      const post = channel?.(name, listener, end.signal)
      const own: Channel = { messages, end, post, onMessage: () => {} }
      return channels.push(own) - 1
    },
    post: async (number, message) => channels[number]!.post?.(message),
    async received(number, count) {
      const own = channels[number]!
      while (own.messages.length < count) await new Promise<void>((resolve) => (own.onMessage = resolve))
      return own.messages
    },
    stop: async (number) => channels[number]!.end.abort(),
  }
}
