import { TokenError } from './errors.ts'
import {
  begin,
  commit,
  defer,
  refuse,
  type Begun,
  type Job,
  type Transaction,
  type Version,
} from './protocol.ts'
import type { Grant, SessionRecord } from './record.ts'
import type { SignedOutReason } from './state.ts'

// One refresh as a synchronous reducer: each step yields one effect, each effect's outcome is the next input.
// Nothing here waits or looks: the binding in manager.ts performs the effects, and a checker can walk them.

/** Milliseconds. */
export const bounds = {
  request: 10_000,
  tries: 3,
  total: 25_000,
  lock: 27_000,
  storage: 5000,
  poll: 250,
} as const

/** What the server, or the way to it, said to a refresh. */
export type Answer =
  | { readonly is: 'granted'; readonly grant: Grant }
  | { readonly is: 'refused'; readonly reason: SignedOutReason }
  | {
      readonly is: 'failed'
      readonly code: 'unreachable' | 'throttled' | 'misconfigured'
      /** Milliseconds. */
      readonly retryAfter?: number | undefined
    }

export type Failed = Extract<Answer, { is: 'failed' }>

export type Effect =
  | { readonly do: 'lock' }
  | { readonly do: 'begin'; readonly transaction: Transaction<Begun> }
  | { readonly do: 'pause'; readonly until: number }
  | { readonly do: 'send'; readonly job: Job }
  | { readonly do: 'settle'; readonly transaction: Transaction<SessionRecord | undefined> }
  | {
      readonly do: 'finish'
      readonly record: SessionRecord | undefined
      readonly cause?: TokenError | undefined
    }

/** What came of the effect before. `lock`: held, waited for too long, or there are none: it goes on all the same. */
export type Outcome =
  | { readonly of: 'lock' }
  | { readonly of: 'begin'; readonly begun: Begun }
  | { readonly of: 'pause' }
  | { readonly of: 'send'; readonly answer: Answer }
  | { readonly of: 'settle'; readonly record: SessionRecord | undefined }

/** Where a refresh stands: plain data. */
export interface Step {
  readonly seen: Version
  readonly job?: Job | undefined
  readonly tries: number
  /** When the first request was sent. */
  readonly since: number
  readonly cause?: TokenError | undefined
}

/** What a step may know of the world, drawn anew for each step. */
export interface Draw {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Random, 128 bits. */
  readonly id: string
  /** 0 to 1, for full jitter. */
  readonly jitter: number
}

export const start = (seen: Version): readonly [Step, Effect] => [
  { seen, tries: 0, since: 0 },
  { do: 'lock' },
]

export function advance(step: Step, outcome: Outcome, { now, id, jitter }: Draw): readonly [Step, Effect] {
  const send = (step: Step, job: Job): readonly [Step, Effect] => [
    { ...step, job, tries: step.tries + 1, since: step.since || now },
    { do: 'send', job },
  ]
  switch (outcome.of) {
    case 'lock':
      // A holder that never lets go is passed by: the same retry id makes a second sender harmless.
      return [step, { do: 'begin', transaction: begin(step.seen, now) }]
    case 'begin':
      return outcome.begun.job ? send(step, outcome.begun.job) : [step, { do: 'finish', ...outcome.begun }]
    case 'pause':
      return send(step, step.job!)
    case 'send': {
      const job = step.job!
      const { answer } = outcome
      if (answer.is === 'granted')
        return [step, { do: 'settle', transaction: commit(job, answer.grant, id, now) }]
      if (answer.is === 'refused')
        return [step, { do: 'settle', transaction: refuse(job, answer.reason, id) }]
      const wait = answer.retryAfter ?? jitter * 500 * 2 ** step.tries
      if (
        answer.code === 'unreachable' &&
        answer.retryAfter === undefined &&
        step.tries < bounds.tries &&
        now + wait + bounds.request < step.since + bounds.total
      )
        return [step, { do: 'pause', until: now + wait }]
      const retryAt = now + wait
      return [
        { ...step, cause: new TokenError(answer.code, { retryAt }) },
        { do: 'settle', transaction: defer(job, retryAt, answer.code) },
      ]
    }
    case 'settle':
      return [step, { do: 'finish', record: outcome.record, cause: step.cause }]
  }
}
