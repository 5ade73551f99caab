import {
  isAt,
  isPaused,
  same,
  settle,
  type Answer,
  type Change,
  type Draw,
  type Version,
} from './protocol.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'

// One refresh as a synchronous reducer: each step is an effect as plain data, whose outcome leads to the next.
// Nothing here waits or looks: the manager performs the effects, and a checker can walk them.

/**
 * What is to be done next: a change of the record, a request, or nothing. Begun under a lock, or after waiting too long
 * for one: the same retry id makes a second sender harmless.
 */
export interface Step {
  /** The record as it must be, for there to be anything to do about it. */
  readonly seen?: Version
  readonly change?: Change
  /** What the request is sent for. */
  readonly job?: SignedInRecord
  /** Where neither is left to do: the record as it is in the end. */
  readonly record?: SessionRecord | undefined
}

/** What came of a step: the record after a change, or the answer to a request. */
export interface Outcome {
  readonly record?: SessionRecord | undefined
  readonly answer?: Answer
}

/** How long after its deadline a session is taken for over without asking: a clock may have been set. Milliseconds. */
const grace = 86_400_000

export const start = (seen: Version): Step => ({ seen, change: same })

/**
 * Takes a refresh one step on. Nothing need be written before the request is sent: the retry id lies in the record
 * already, so that a crash or a lost answer is followed by the same request, which the server answers with the same
 * child, and two tabs that get here without a lock do no harm.
 */
export function advance({ seen, job }: Step, { record, answer }: Outcome, draw: Draw): Step {
  if (job) return { change: settle(job, answer!, draw) }
  if (!seen || !isAt(record, seen) || !record.session.renewable || isPaused(record, draw.now))
    return { record }
  const { absoluteExpiresAt, inactiveAt } = record.session
  // What has no end is past it at no time.
  return absoluteExpiresAt! + grace < draw.now || inactiveAt! + grace < draw.now
    ? { change: settle(record, { refused: 'expired' }, draw) }
    : { job: record }
}
