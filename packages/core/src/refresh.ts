import { isAt, same, settle, type Answer, type Change, type Draw, type Version } from './protocol.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'

// One refresh as a synchronous reducer: each step is an effect as plain data, whose outcome leads to the next.
// Nothing here waits or looks: the manager performs the effects, and a checker can walk them.

/** Begun under a lock, or after waiting too long for one: the same retry id makes a second sender harmless. */
export type Step =
  | { readonly do: 'look'; readonly seen: Version; readonly change: Change }
  | { readonly do: 'send'; readonly job: SignedInRecord }
  | { readonly do: 'settle'; readonly change: Change }
  | { readonly do: 'done'; readonly record: SessionRecord | undefined }

/** What came of a step: the record after a change, or the answer to a request. */
export interface Outcome {
  readonly record?: SessionRecord | undefined
  readonly answer?: Answer
}

/** How long after its deadline a session is taken for over without asking: a clock may have been set. Milliseconds. */
const grace = 86_400_000

export const start = (seen: Version): Extract<Step, { do: 'look' }> => ({ do: 'look', seen, change: same })

/**
 * Takes a refresh one step on. Nothing need be written before the request is sent: the retry id lies in the record
 * already, so that a crash or a lost answer is followed by the same request, which the server answers with the same
 * child, and two tabs that get here without a lock do no harm.
 */
export function advance(step: Step, { record, answer }: Outcome, draw: Draw): Step {
  if (step.do === 'send') return { do: 'settle', change: settle(step.job, answer!, draw) }
  if (step.do !== 'look' || !isAt(record, step.seen)) return { do: 'done', record }
  const { session, trouble } = record
  if (!session.renewable || (trouble && trouble.until > draw.now)) return { do: 'done', record }
  const isOver =
    Math.min(session.absoluteExpiresAt ?? Infinity, session.inactiveAt ?? Infinity) + grace < draw.now
  return isOver
    ? { do: 'settle', change: settle(record, { refused: 'expired' }, draw) }
    : { do: 'send', job: record }
}
