import { isAt, type Version } from './change.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'

/**
 * True while the last failure forbids another request. If the clock was set back since, it forbids nothing.
 *
 * @example
 * ```ts
 * import { isPaused } from '@tokenkeep/core/cross-tab'
 *
 * console.log(isPaused(undefined, Date.now())) // false
 * ```
 */
export const isPaused = (record: SessionRecord | undefined, now: number): boolean => {
  const failure = record?.lastFailure
  return !!failure && failure.at <= now && now < failure.until
}

/**
 * Tells whether to send a refresh request for a record that was just read under the lock. `expired`: the version that the tab
 * found expired before it waited for the lock; another tab may have refreshed it meanwhile.
 *
 * Nothing is written before the request is sent: the record already holds the retry id. After a crash or a lost answer,
 * the next tab sends the same request, and the server answers with the same successor. For the same reason, two tabs
 * that refresh at once without a lock do no harm.
 *
 * A session whose deadline has passed by this device's clock is refreshed too: the clock may be wrong, so the server
 * decides.
 *
 * @example
 * ```ts
 * import { needsRefresh } from '@tokenkeep/core/cross-tab'
 *
 * // The record is gone: there is nothing to refresh.
 * console.log(needsRefresh(undefined, { epoch: 'e1', generation: 0 }, Date.now())) // false
 * ```
 */
export const needsRefresh = (
  record: SessionRecord | undefined,
  expired: Version,
  now: number,
): record is SignedInRecord => isAt(record, expired) && record.session.renewable && !isPaused(record, now)
