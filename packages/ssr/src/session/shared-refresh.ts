import { applyAnswer, isNewerVersion, needsRefresh, remaining, signOut } from '@tokenkeep/core/cross-tab'
import { REQUEST_TIMEOUT, type ServerEnvironment } from '../environment.ts'
import { sleep, timeLimit } from '../time-limit.ts'
import type { AskServer } from './ask-server.ts'
import type { Refresh } from './refresher.ts'
import type { Revoke } from './revoker.ts'
import { isSignedIn, type SealedRecord, type SealedSignedInRecord } from './sealed-record.ts'
import { STORE_TIMEOUT, type SharedEntries } from './shared-entries.ts'

/** How long one instance may refresh a session. Then another may: the first one has died. Milliseconds. */
const LEASE = 15_000
/**
 * How long a page waits for another instance, or for the store to keep an answer: longer than a request and a write of
 * the other instance may take. Milliseconds.
 */
const PATIENCE = REQUEST_TIMEOUT + STORE_TIMEOUT
/** How long this process tries to store an answer after the store has failed. Milliseconds. */
const MAX_OUTAGE = 60_000
/** The longest pause between two reads of a waiting page. Milliseconds. */
const MAX_PAUSE = 200

const pause = (tries: number): Promise<void> =>
  sleep(Math.min(MAX_PAUSE, 25 * 2 ** tries) * (0.5 + Math.random() / 2))

/** A record that says that its session is over is the newest one for ever. */
function newerOf(ours: SealedSignedInRecord, theirs: SealedRecord | undefined): SealedRecord {
  return theirs && (!isSignedIn(theirs) || theirs.generation >= ours.generation) ? theirs : ours
}

/**
 * Refreshes a record once, for all instances that share a store.
 *
 * - One instance takes the lease and sends the refresh. The others wait for its result.
 * - A late cookie gets the newest record of the session, however late it is.
 * - An instance that dies loses its lease by the store's clock. An instance that wakes too late sends nothing, and what it
 *   writes is refused: the fence has changed.
 * - If the store fails, nothing is sent: the refresh fails as if the server were down.
 */
export function shareRefresh(
  entries: SharedEntries,
  askServer: AskServer,
  revoke: Revoke,
  { now, fetch }: ServerEnvironment,
  onStoreFailed: (cause: unknown) => void,
): Refresh {
  /** Answers that the store has not taken yet. */
  const unsaved = new Map<string, SealedRecord>()

  const fail = (record: SealedSignedInRecord): SealedRecord =>
    applyAnswer(
      record,
      { failed: 'unreachable' },
      { now: now(), id: record.retryId, jitter: Math.random() },
    )(record)!

  /** Stores what a refresh has left. Resolves to what counts from now on. */
  async function save(after: SealedRecord, epoch: string, held: number): Promise<SealedRecord> {
    for (let fence = held; ;) {
      if (await entries.write(epoch, fence, after, 0)) return after
      const entry = await entries.read(epoch)
      fence = entry.fence
      if (!entry.record) continue
      // A sign-out came first: our successor must end too.
      if (entry.record.reason) return revoke(signOut(entry.record.reason)(after)!)
      if (!isSignedIn(after) || entry.record.generation >= after.generation) return entry.record
    }
  }

  /** Stores an answer. If the store fails, it tries again, and meanwhile this process knows the answer. */
  async function keep(after: SealedRecord, epoch: string, fence: number): Promise<SealedRecord> {
    unsaved.set(epoch, after)
    const started = performance.now()
    const saving = async (): Promise<SealedRecord> => {
      for (let tries = 0; ; tries++) {
        try {
          return await save(after, epoch, fence)
        } catch (cause) {
          if (tries === 0) onStoreFailed(cause)
          // A failure is not worth the wait: the lease ends by itself.
          if (after.lastFailure || performance.now() - started > MAX_OUTAGE) return after
          await pause(tries)
        }
      }
    }
    const saved = saving().finally(() => unsaved.delete(epoch))
    return timeLimit(saved, PATIENCE).catch(() => after)
  }

  async function advance(from: SealedSignedInRecord, minValid: number): Promise<SealedRecord> {
    const { epoch } = from
    const started = performance.now()
    /** The fence of our own lease. */
    let own: number | undefined
    for (let tries = 0; ; tries++) {
      const { record, fence, isLeased } = await entries.read(epoch)
      const newest = newerOf(from, record)
      if (!isSignedIn(newest)) return newest
      const left = remaining(newest, now())
      if (newest.generation > from.generation && left > 0 && left >= minValid) return newest
      if (!needsRefresh(newest, newest, now())) return newest
      if (!isLeased || fence === own) {
        const leased = performance.now()
        if (await entries.write(epoch, fence, newest, LEASE)) {
          const isFirst = own === undefined
          own = fence + 1
          let isLate = false
          const after = await askServer(newest, async (url, init) => {
            // A request that is sent now must be over before another instance may send its own.
            isLate = performance.now() - leased > LEASE - REQUEST_TIMEOUT
            if (isLate) throw new Error('The lease is too old.')
            return fetch(url, init)
          })
          if (!isLate) return keep(after, epoch, own)
          // Nothing was sent, so no instance has to pause. This one begins anew, once.
          if (!isFirst) return fail(newest)
        }
      } else if (performance.now() - started > PATIENCE) return fail(newest)
      await pause(tries)
    }
  }

  return async (from, minValid) => {
    const known = newerOf(from, unsaved.get(from.epoch))
    if (!isSignedIn(known) || known.generation > from.generation) return known
    try {
      if (isNewerVersion(from)) throw new Error('A later version of this package wrote the cookie.')
      return await advance(from, minValid)
    } catch (cause) {
      onStoreFailed(cause)
      return fail(from)
    }
  }
}
