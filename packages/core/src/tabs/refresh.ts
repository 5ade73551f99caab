import { applyAnswer, isPaused, type Answer } from './answer.ts'
import { identity, isAt, type Change, type Entropy, type Version } from './change.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'

// One refresh as a synchronous reducer. Each step is an effect as plain data, and its outcome leads to the next step.
// The refresher performs the effects in a browser; the explorer performs them in every order.

/** The next effect of a refresh. */
export interface Step {
  /** A transaction to perform: it reads the record, or writes the answer. */
  readonly change?: Change
  /** With a read: the version that the caller wants refreshed. */
  readonly expected?: Version
  /** A refresh request to send for this record. */
  readonly request?: SignedInRecord
  /** The record as it is now. Set if the refresh has ended: then there is neither a change nor a request. */
  readonly record?: SessionRecord | undefined
}

/** The outcome of a step: the answer to a request, or the record after a transaction. */
export interface Outcome {
  readonly answer?: Answer
  readonly record?: SessionRecord | undefined
}

/**
 * Begins a refresh of the version that a tab has found expired.
 *
 * @example
 * ```ts
 * import { start } from '@tokenkeep/core/cross-tab'
 *
 * const step = start({ epoch: 'e1', generation: 0 })
 * console.log(step.expected?.generation) // 0
 * ```
 */
export const start = (expected: Version): Step => ({ expected, change: identity })

/**
 * Takes a refresh one step further. Nothing is written before the request is sent: the record already holds the retry
 * id. After a crash or a lost answer, the next tab sends the same request, and the server answers with the same
 * successor. For the same reason, two tabs that refresh at once without a lock do no harm.
 *
 * A session whose deadline has passed by this device's clock is refreshed too: the clock may be wrong, so the server
 * decides.
 *
 * @example
 * ```ts
 * import { advance, start } from '@tokenkeep/core/cross-tab'
 *
 * const step = start({ epoch: 'e1', generation: 0 })
 * const entropy = { now: Date.now(), id: 'id-1', jitter: 0.5 }
 * // The record is gone: there is nothing to refresh.
 * console.log(advance(step, { record: undefined }, entropy)) // { record: undefined }
 * ```
 */
export function advance({ expected, request }: Step, { record, answer }: Outcome, entropy: Entropy): Step {
  if (request) return { change: applyAnswer(request, answer!, entropy) }
  return expected && isAt(record, expected) && record.session.renewable && !isPaused(record, entropy.now)
    ? { request: record }
    : { record }
}
