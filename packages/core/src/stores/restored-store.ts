import { exclusively, type Environment } from '../environment.ts'
import type { Answer } from '../tabs/answer.ts'
import { identity, type Change } from '../tabs/change.ts'
import type { SessionRecord } from '../tabs/record.ts'
import { signIn } from '../tabs/sign-in.ts'
import type { Store } from './store.ts'

/** The longest pause between two requests. Milliseconds. */
const MAX_PAUSE = 60_000

/**
 * A store whose first read asks a server who is signed in, unless the record already says who is. After a sign-out it
 * does not ask. Tabs ask one after the other, so that only the first has to. If the server does not answer, the store
 * does not answer either, so nobody counts as signed out; a read after the pause asks again. After a mistake of the
 * app's own code, the store rejects with that error, and no longer asks.
 */
export function restoredStore(store: Store, ask: () => Promise<Answer>, env: Environment): Store {
  /** Resolves to true once the server has answered. */
  let asking: Promise<boolean> | undefined
  let isAnswered = false
  let tries = 0

  async function restore(key: string): Promise<Answer | undefined> {
    if (isKnown(await store.update(key, identity))) return undefined
    const answer = await ask()
    if (answer.issued) {
      const write = signIn(env.entropy().id, answer.issued, env.now())
      await store.update(key, (record) => (isKnown(record) ? record : write(record)))
    }
    return answer
  }

  async function askOnce(key: string): Promise<boolean> {
    const answer = await exclusively(`${key} restore`, () => restore(key))
    if (!answer?.failed || answer.failed === 'sign-in-required') return true
    if (answer.failed === 'misconfigured') throw answer.cause
    const pause = answer.retryAfter ?? Math.min(1000 * 2 ** tries, MAX_PAUSE)
    tries += 1
    await new Promise<void>((resolve) => env.after(pause, resolve))
    asking = undefined
    return false
  }

  return {
    async update(key, change) {
      const settle = withoutRefused(change)
      const record = await store.update(key, settle)
      if (isAnswered || isKnown(record)) {
        isAnswered = true
        return record
      }
      if (!(await (asking ??= askOnce(key)))) return new Promise(() => {})
      isAnswered = true
      return store.update(key, settle)
    },
  }
}

/** True if the record says who is signed in, or that the user has signed out. */
const isKnown = (record: SessionRecord | undefined): boolean =>
  !!record?.session || record?.reason === 'signed-out'

/** A session that the server has refused is not revoked: the cookie may belong to another session by now. */
const withoutRefused =
  (change: Change): Change =>
  (before) => {
    const record = change(before)
    return record && !isKnown(record) && record.pendingRevocations.length > 0
      ? { ...record, pendingRevocations: [] }
      : record
  }
