import {
  applyAnswer,
  identity,
  isAt,
  isPaused,
  type Answer,
  type Change,
  type Entropy,
  type Version,
} from './protocol.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'

// One refresh as a synchronous reducer. Each step is an effect as plain data, and its outcome leads to the next step.
// The refresher performs the effects in a browser; the explorer walks them in every order.

/** The next effect of a refresh: read the record, send the request, write the answer, or end. */
export type Step =
  /** Read the record. `expected` is the version that the caller wants refreshed. */
  | { readonly type: 'read'; readonly change: Change; readonly expected: Version }
  /** Send the refresh request for this record. */
  | { readonly type: 'send'; readonly request: SignedInRecord }
  /** Write the answer. */
  | { readonly type: 'write'; readonly change: Change }
  /** Nothing is left to do. `record` is the record as it is now. */
  | { readonly type: 'end'; readonly record: SessionRecord | undefined }

/** What came of a step: the answer to a request, or the record after a transaction. */
export type Outcome =
  | { readonly answer: Answer; readonly record?: undefined }
  | { readonly record: SessionRecord | undefined; readonly answer?: undefined }

/**
 * How long a session is still refreshed after its deadline has passed by this device's clock. Milliseconds. The clock
 * may be wrong, so the server decides.
 */
const DEADLINE_TOLERANCE = 86_400_000

/** Begins a refresh of the version that a tab has found expired. */
export const start = (expected: Version): Step => ({ type: 'read', change: identity, expected })

/**
 * Takes a refresh one step further. Nothing is written before the request is sent: the record already holds the retry
 * id. After a crash or a lost answer, the next tab sends the same request, and the server answers with the same
 * successor. Two tabs that get here without a lock do no harm for the same reason.
 */
export function advance(step: Step, { record, answer }: Outcome, entropy: Entropy): Step {
  if (step.type === 'send')
    return { type: 'write', change: applyAnswer(step.request, answer!, entropy) }
  const { now } = entropy
  if (step.type !== 'read' || !isAt(record, step.expected) || !record.session.renewable || isPaused(record, now))
    return { type: 'end', record }
  const { absoluteExpiresAt, inactiveAt } = record.session
  // A comparison with an absent deadline is false.
  return absoluteExpiresAt! + DEADLINE_TOLERANCE < now || inactiveAt! + DEADLINE_TOLERANCE < now
    ? { type: 'write', change: applyAnswer(record, { refused: 'expired' }, entropy) }
    : { type: 'send', request: record }
}
