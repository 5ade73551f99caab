import { needsRefresh, type RefreshFailure } from '@tokenkeep/core/cross-tab'
import type { SealedRecord, SealedSignedInRecord } from './sealed-record.ts'

/**
 * Resolves to a newer record whose auth token can be used for `minValid` milliseconds, or to what a refresh has left.
 * Never rejects.
 */
export type Refresh = (record: SealedSignedInRecord, minValid: number) => Promise<SealedRecord>

/** How many failures a process remembers. The oldest is forgotten first. */
const MAX_FAILURES = 10_000

/**
 * Refreshes a record once, for every request of this process that has the same one. A server request is a tab that lives
 * for one request: the record in its cookie is the storage.
 *
 * A failure is kept in the process, not in the cookie: until its pause is over, no request of this process asks again.
 * `advance` sends the refresh, or finds another instance's in a store.
 */
export function createRefresh(advance: Refresh, now: () => number): Refresh {
  const inFlight = new Map<string, Promise<SealedRecord>>()
  const failures = new Map<string, RefreshFailure>()

  function remember(refreshToken: string, failure: RefreshFailure | undefined): void {
    failures.delete(refreshToken)
    if (!failure) return
    failures.set(refreshToken, failure)
    const [oldest] = failures.keys()
    if (failures.size > MAX_FAILURES) failures.delete(oldest!)
  }

  async function refresh(from: SealedSignedInRecord, minValid: number): Promise<SealedRecord> {
    return needsRefresh(from, from, now()) ? advance(from, minValid) : from
  }

  return (record, minValid) => {
    const key = record.refreshToken ?? record.epoch
    const running = inFlight.get(key)
    if (running) return running
    const started = refresh({ ...record, lastFailure: failures.get(key) }, minValid).then((after) => {
      inFlight.delete(key)
      remember(key, after.lastFailure)
      return after
    })
    inFlight.set(key, started)
    return started
  }
}
