import { TokenError } from './errors.ts'
import type { Farewell, Grant, SessionRecord, SignedInRecord, SignedOutRecord } from './record.ts'
import type { SignedOutReason } from './state.ts'

// The cross-tab protocol's transactions: record in, record and result out. Each runs inside one storage
// transaction; none looks at a clock, at the network or at another tab.

/** The record as a transaction leaves it, and what the caller learns. The same record object: nothing to write. */
export type Transaction<T> = (record: SessionRecord | undefined) => readonly [SessionRecord | undefined, T]

/** Which version of which session. */
export interface Version {
  readonly epoch: string
  readonly seq: number
}

/** A refresh that was taken up: the record that is in storage. */
export type Job = SignedInRecord & { readonly refreshToken: string }

/** What a look at the record says of a refresh: send it, or else adopt what is there, and why. */
export type Begun =
  | { readonly job: Job }
  | {
      readonly job?: undefined
      readonly record: SessionRecord | undefined
      /** Not now: the last one did not get through, or the server asked for patience. */
      readonly cause?: TokenError
    }

const is = (record: SessionRecord | undefined, { epoch, seq }: Version): record is SignedInRecord =>
  record?.status === 'in' && record.epoch === epoch && record.seq === seq

/** What is left to say to the server of the session in a record, and of those before it. */
export const parting = (record: SessionRecord | undefined): readonly Farewell[] =>
  record?.status === 'in' && record.refreshToken
    ? [...record.outbox, { sessionId: record.sessionId, refreshToken: record.refreshToken }]
    : (record?.outbox ?? [])

/**
 * Takes up the refresh of the version `seen`. Nothing need be written before it is sent: the retry id lies in the
 * record already, so that a crash or a lost answer is followed by the same request, which the server answers with
 * the same child, and two tabs that get here without a lock do no harm.
 */
export const begin =
  (seen: Version, now: number): Transaction<Begun> =>
  (record) => {
    if (!is(record, seen) || !record.refreshToken) return [record, { record }]
    const { refreshToken, retryAt = 0, trouble } = record
    if (retryAt > now) return [record, { record, cause: new TokenError(trouble!, { retryAt }) }]
    return [record, { job: { ...record, refreshToken } }]
  }

/** Writes the new pair, unless the record has moved on: then what is there wins and the answer is dropped. */
export const commit =
  (job: Job, grant: Grant, attempt: string, now: number): Transaction<SessionRecord | undefined> =>
  (record) => {
    if (!is(record, job)) return [record, record]
    const next: SignedInRecord = {
      ...record,
      ...grant,
      // A server that does not rotate sends none: the old one stays.
      refreshToken: grant.refreshToken ?? record.refreshToken,
      seq: record.seq + 1,
      receivedAt: now,
      attempt,
      lastAttempt: record.attempt,
      retryAt: undefined,
      trouble: undefined,
    }
    return [next, next]
  }

/** Writes what this tab knows and the storage does not, because a write failed or was lost: the higher seq wins. */
export const heal =
  (known: SignedInRecord): Transaction<void> =>
  (record) => {
    const behind = record?.status === 'in' && record.epoch === known.epoch && record.seq < known.seq
    return [behind ? { ...known, outbox: record.outbox } : record, undefined]
  }

/** The server refused this very version: the session is over. Its last token goes to the outbox, for a lost child may live. */
export const refuse =
  (job: Job, reason: SignedOutReason, epoch: string): Transaction<SessionRecord | undefined> =>
  (record) => {
    if (!is(record, job)) return [record, record]
    const next: SignedOutRecord = { v: 1, status: 'out', epoch, reason, outbox: parting(record) }
    return [next, next]
  }

/** No answer, or one that says nothing about the session. The version stays, and so the retry is the same request. */
export const defer =
  (
    job: Job,
    retryAt: number,
    trouble: NonNullable<SignedInRecord['trouble']>,
  ): Transaction<SessionRecord | undefined> =>
  (record) => {
    if (!is(record, job)) return [record, record]
    const next: SignedInRecord = { ...record, retryAt, trouble }
    return [next, next]
  }

/** Needs no lock and no network, and wins over everything in flight: the epoch is new. */
export const signOut =
  (epoch: string, reason: SignedOutReason): Transaction<SessionRecord> =>
  (record) => {
    if (record?.status === 'out') return [record, record]
    const next: SignedOutRecord = { v: 1, status: 'out', epoch, reason, outbox: parting(record) }
    return [next, next]
  }

/** A sign-in over a live session says farewell to the old one, unless it is the same. */
export const signIn =
  (epoch: string, grant: Grant, attempt: string, now: number): Transaction<SessionRecord> =>
  (record) => {
    const outbox = parting(record).filter(({ sessionId }) => sessionId !== grant.sessionId)
    const next: SignedInRecord = {
      v: 1,
      status: 'in',
      ...grant,
      epoch,
      seq: 0,
      attempt,
      receivedAt: now,
      outbox,
    }
    return [next, next]
  }

/** The server answered the revocation: the farewell is said. */
export const forget =
  (sessionId: string): Transaction<void> =>
  (record) =>
    record?.outbox.some((entry) => entry.sessionId === sessionId)
      ? [{ ...record, outbox: record.outbox.filter((entry) => entry.sessionId !== sessionId) }, undefined]
      : [record, undefined]
