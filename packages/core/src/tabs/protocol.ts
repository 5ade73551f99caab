import type { Farewell, Grant, SessionRecord, SignedInRecord, Trouble } from './record.ts'
import type { SignedOutReason } from '../machine/state.ts'

// The cross-tab protocol's changes of the record, each run inside one storage transaction; none looks at a clock,
// at the network or at another tab.

/** The record as a change leaves it. The same object: nothing to write. */
export type Change = (record: SessionRecord | undefined) => SessionRecord | undefined

/** Which version of which session. */
export interface Version {
  readonly epoch: string
  readonly seq: number
}

/** What a change may know of the world, drawn anew for each. */
export interface Draw {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Random, 128 bits. */
  readonly id: string
  /** 0 to 1, for full jitter. */
  readonly jitter: number
}

/** What the server, or the way to it, said to a refresh: one of the three. */
export interface Answer {
  readonly granted?: Grant
  readonly refused?: SignedOutReason
  readonly failed?: Trouble['code']
  /** The server's wish, in milliseconds, where it failed. */
  readonly retryAfter?: number | undefined
}

/** True where the record is still that very version: the fence before every write. */
export const isAt = (record: SessionRecord | undefined, { epoch, seq }: Version): record is SignedInRecord =>
  record?.epoch === epoch && record?.seq === seq

/** True while no refresh is to be sent, for one has failed; not where the clock has been set back since. */
export const isPaused = ({ trouble }: SignedInRecord, now: number): boolean =>
  !!trouble && trouble.at <= now && now < trouble.until

export const same: Change = (record) => record

/** What is left to say to the server of the session in a record, and of those before it. */
const farewells = (record: SessionRecord | undefined): readonly Farewell[] =>
  record?.session?.renewable
    ? [...record.outbox, { sessionId: record.session.id, refreshToken: record.refreshToken }]
    : (record?.outbox ?? [])

/**
 * Needs no lock and no network, and wins over everything in flight: the epoch is new. The last token goes to the
 * outbox, after a refusal too, for a child that got lost may live.
 */
export const signOut =
  (epoch: string, reason: SignedOutReason): Change =>
  (record) =>
    record?.reason ? record : { v: 1, epoch, reason, left: record?.epoch, outbox: farewells(record) }

/** A sign-in over a live session says farewell to the old one, unless it is the same. */
export const signIn =
  (epoch: string, grant: Grant, receivedAt: number): ((record?: SessionRecord) => SignedInRecord) =>
  (record) => ({
    ...grant,
    v: 1,
    epoch,
    seq: 0,
    attempt: epoch,
    receivedAt,
    outbox: farewells(record).filter(
      ({ sessionId, refreshToken = sessionId }) =>
        sessionId !== grant.session.id && refreshToken !== grant.refreshToken,
    ),
  })

/**
 * Writes what came of a refresh, unless the record has moved on: then what is there wins and the answer is dropped.
 * Granted: the new pair. Refused: the end. Failed: the version stays, and so the retry is the same request.
 */
export const settle =
  (job: Version, { granted, refused, failed: code, retryAfter }: Answer, { now, id, jitter }: Draw): Change =>
  (record) => {
    if (!isAt(record, job)) return record
    if (refused) return signOut(id, refused)(record)
    if (code) {
      const tries = (record.trouble?.tries ?? 0) + 1
      return {
        ...record,
        trouble: {
          code,
          tries,
          at: now,
          until: now + (retryAfter ?? jitter * 500 * 2 ** Math.min(tries, 4)),
        },
      }
    }
    return {
      ...record,
      ...granted,
      seq: record.seq + 1,
      receivedAt: now,
      attempt: id,
      lastAttempt: record.attempt,
      trouble: undefined,
    }
  }

/**
 * Of what a tab knows and what the storage holds, what is true: the storage, but for what a write failed to tell it
 * (a newer pair, a sign-out), and for a stale read of it.
 */
export function newer(
  known: SessionRecord | undefined,
  stored: SessionRecord | undefined,
): SessionRecord | undefined {
  if (!known || !stored?.session) return stored
  if (known.reason) return heed(known)(stored)
  return known.epoch === stored.epoch && known.seq > stored.seq ? { ...known, outbox: stored.outbox } : stored
}

/** What tabs tell each other: where the record stands, and what was left. Never a token. */
export interface Hint {
  readonly epoch?: string | undefined
  readonly seq?: number | undefined
  readonly left?: string | undefined
  readonly reason?: SignedOutReason | undefined
}

export const hintOf = ({ epoch, seq, left, reason }: Hint = {}): Hint => ({ epoch, seq, left, reason })

/** A sign-out that another tab tells of counts at once, before the storage says so. */
export const heed =
  ({ epoch, left, reason }: Hint): Change =>
  (record) =>
    left && left === record?.epoch ? signOut(epoch!, reason!)(record) : record

/** The server answered the revocation: the farewell is said. */
export const forget =
  (sessionId: string): Change =>
  (record) =>
    record && { ...record, outbox: record.outbox.filter((entry) => entry.sessionId !== sessionId) }
