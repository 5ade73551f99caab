import { DEVELOPMENT } from '../development.ts'
import type { Environment } from '../environment.ts'
import type { Store } from '../stores/store.ts'
import { remaining } from '../tabs/lifetime.ts'
import { identity, type Change } from '../tabs/change.ts'
import { applyHint, reconcile, type Hint } from '../tabs/hint.ts'
import { isNewerVersion, type SessionRecord, type SignedInRecord } from '../tabs/record.ts'
import { MAX_READS, STORAGE_RETRY_DELAY, STORAGE_TIMEOUT } from './timeouts.ts'

/** What this tab holds of the shared record. */
export interface Replica {
  /** The newest record that this tab knows. */
  readonly current: SessionRecord | undefined
  /** True while the record is being read. Until then it may be out of date, and no token is served. */
  readonly isReading: boolean
  /** How long the auth token of the current record can still be used. Milliseconds. */
  remaining(): number
  /** Makes the auth token of the current record unusable, even if it has not expired by the wall clock. */
  lapse(): void
  /** Takes over a newer record. */
  adopt(record: SessionRecord | undefined): void
  /** Reads the record from storage and adopts it. Rejects like `commit`. */
  read(): Promise<unknown>
  /**
   * Applies one change, in one storage transaction, to the newest of what this tab and the storage hold. Rejects with
   * the storage's error, or with `undefined` if the storage does not answer in time.
   */
  commit(change: Change): Promise<SessionRecord | undefined>
  /** Like `commit`. If the storage fails, the change applies to this tab's memory alone, unless it ends the session. */
  commitOrRemember(change: Change): Promise<SessionRecord | undefined>
  /** Lets a sign-out win over every commit that is under way. */
  overtake(signOut: Change): void
  /** From now on, a sign-in that cannot be stored is kept in this tab's memory. */
  detach(): void
}

/** `onAdopt` is called after each adoption, with the record that this tab knew before. */
export function createReplica(
  key: string,
  shared: Store | undefined,
  env: Environment,
  onAdopt: (before: SessionRecord | undefined) => void,
): Replica {
  let store = shared
  let current: SessionRecord | undefined
  /** The record as it was last seen in storage. It is older than `current` if a write failed. */
  let persisted: SessionRecord | undefined
  let lastSignOut = identity
  /**
   * The retry id of the token pair whose auth token must not be used. A server may issue the same token twice, so the
   * token cannot identify the pair.
   */
  let lapsedRetryId: string | undefined
  let reads = 0

  /** Applies the last hint: a page that is gone may have sent a sign-out that it could not write. */
  const heed: Change = (record) => applyHint(env.lastMessage(key) as Hint | undefined)(record)

  const adopt = (record: SessionRecord | undefined): void => {
    const before = current
    current = heed(reconcile(before, record))
    onAdopt(before)
  }

  const commit = (change: Change): Promise<SessionRecord | undefined> =>
    new Promise((resolve, reject) => {
      const signOutBefore = lastSignOut
      /** A sign-out during this commit wins over it. */
      const overtaken: Change = (record) => (lastSignOut === signOutBefore ? record : lastSignOut(record))
      const cancel = env.after(STORAGE_TIMEOUT, () => {
        // A write that timed out must never apply later. If the transaction still happens, it writes only what this tab
        // knows by then, such as a sign-out.
        change = identity
        reject()
      })
      store!
        .update(key, (record) => {
          if (isNewerVersion(record)) return record
          return overtaken(change(heed(reconcile(current, record))))
        })
        .then((record) => {
          if (isNewerVersion(record))
            throw new Error(
              DEVELOPMENT ? 'A newer version of this library wrote the record: reload the page.' : 'newer',
            )
          const after = overtaken((persisted = record))
          // A read, or a transaction that was late: what another tab has changed meanwhile must not be missed.
          if (change === identity) adopt(after)
          resolve(after)
        })
        .catch(reject)
        .finally(cancel)
    })

  return {
    get current() {
      return current
    },
    get isReading() {
      return reads > 0
    },
    remaining: () =>
      current?.session && current.retryId !== lapsedRetryId ? remaining(current, env.now()) : 0,
    lapse() {
      lapsedRetryId = (current as SignedInRecord).retryId
      adopt(current)
    },
    adopt,
    async read() {
      reads++
      try {
        for (let tries = 1; ; tries++)
          try {
            return await commit(identity)
          } catch (error) {
            // No error means that the storage hangs. The caller has waited long enough.
            if (!error || tries === MAX_READS) throw error
            await new Promise<void>((resolve) => env.after(STORAGE_RETRY_DELAY, resolve, true))
          }
      } finally {
        reads--
      }
    },
    commit,
    async commitOrRemember(change) {
      try {
        return await commit(change)
      } catch (error) {
        const remembered = change(current)
        // A change is remembered only if the storage holds this very token pair: then every other tab would send the
        // same retry id. The end of a session is never remembered: only the storage knows whether another tab has
        // refreshed it meanwhile.
        if (persisted?.retryId !== current?.retryId || remembered?.reason) throw error
        return remembered
      }
    },
    overtake: (signOut) => void (lastSignOut = signOut),
    detach() {
      let memory: SessionRecord | undefined
      store = {
        async update(_, change) {
          try {
            // As long as nothing is in memory, the storage may hold a session.
            if (!memory) return await shared!.update(key, change)
          } catch (error) {
            if (!change(undefined)?.session) throw error
          }
          return (memory = change(memory))
        },
      }
    },
  }
}
