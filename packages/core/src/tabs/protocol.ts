import type { SignedOutReason } from '../machine/session.ts'
import type {
  PendingRevocation,
  RefreshFailure,
  SessionRecord,
  SignedInRecord,
  TokenResponse,
} from './record.ts'

// How tabs change the record they share. Each change runs inside one storage transaction. None reads a clock, uses the
// network or asks another tab.

/** Returns the record as a change leaves it. If it returns the same object, nothing is written. */
export type Change = (record: SessionRecord | undefined) => SessionRecord | undefined

/** Identifies one version of one session. */
export interface Version {
  readonly epoch: string
  readonly generation: number
}

/** The time and the random values that a change may use. New for each change. */
export interface Entropy {
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** 128 random bits. */
  readonly id: string
  /** A random number from 0 to 1. Spreads retries over time. */
  readonly jitter: number
}

/** What came of a refresh request. */
export type Answer = Issued | Refused | Failed

/** The server issued a new token pair. */
interface Issued {
  readonly issued: TokenResponse
  readonly refused?: undefined
  readonly failed?: undefined
  readonly retryAfter?: undefined
}

/** The server said that the session is over. */
interface Refused {
  readonly refused: SignedOutReason
  readonly issued?: undefined
  readonly failed?: undefined
  readonly retryAfter?: undefined
}

/** No answer about the session arrived. */
interface Failed {
  readonly failed: RefreshFailure['code']
  /** How long the server asks to wait. Milliseconds. */
  readonly retryAfter?: number | undefined
  readonly issued?: undefined
  readonly refused?: undefined
}

/**
 * True if the record is still at this version. Every write is fenced by this check.
 *
 * @example
 * ```ts
 * import { isAt } from '@tokenkeep/core/cross-tab'
 *
 * console.log(isAt(undefined, { epoch: 'e1', generation: 0 })) // false
 * ```
 */
export const isAt = (
  record: SessionRecord | undefined,
  { epoch, generation }: Version,
): record is SignedInRecord => record?.epoch === epoch && record?.generation === generation

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
 * Changes nothing.
 *
 * @example
 * ```ts
 * import { identity } from '@tokenkeep/core/cross-tab'
 *
 * console.log(identity(undefined)) // undefined
 * ```
 */
export const identity: Change = (record) => record

/** All revocations that are due once this record's session is over. */
const revocationsAfter = (record: SessionRecord | undefined): readonly PendingRevocation[] =>
  record?.session?.renewable
    ? [...record.pendingRevocations, { sessionId: record.session.id, refreshToken: record.refreshToken }]
    : (record?.pendingRevocations ?? [])

/**
 * Signs out. It needs no lock and no network. The new epoch makes it win over every refresh in flight. The last token
 * is revoked even after the server refused it, because a successor that got lost may still be alive.
 *
 * @example
 * ```ts
 * import { signOut } from '@tokenkeep/core/cross-tab'
 *
 * const change = signOut('e2', 'signed-out')
 * console.log(change(undefined)?.reason) // 'signed-out'
 * ```
 */
export const signOut =
  (epoch: string, reason: SignedOutReason): Change =>
  (record) =>
    record?.reason
      ? record
      : {
          v: 1,
          epoch,
          reason,
          previousEpoch: record?.epoch,
          pendingRevocations: revocationsAfter(record),
        }

/**
 * Signs in. If another session was signed in, that session is revoked. `receivedAt`: milliseconds since the Unix epoch.
 *
 * @example
 * ```ts
 * import { signIn } from '@tokenkeep/core/cross-tab'
 *
 * const response = {
 *   session: { id: 'session-1', userId: 'user-1', renewable: true },
 *   token: 'auth.token.1',
 *   lifetime: 300_000,
 *   refreshToken: 'refresh-token-1',
 * }
 * const record = signIn('e1', response, Date.now())()
 * ```
 */
export const signIn =
  (
    epoch: string,
    response: TokenResponse,
    receivedAt: number,
  ): ((record?: SessionRecord) => SignedInRecord) =>
  (record) => ({
    ...response,
    v: 1,
    epoch,
    generation: 0,
    retryId: epoch,
    receivedAt,
    pendingRevocations: revocationsAfter(record).filter(
      ({ sessionId, refreshToken = sessionId }) =>
        sessionId !== response.session.id && refreshToken !== response.refreshToken,
    ),
  })

/**
 * Writes what came of a refresh. If the record has moved on, the answer is dropped. A failure leaves the version as it
 * is, so that the retry is the same request.
 *
 * @example
 * ```ts
 * import { applyAnswer } from '@tokenkeep/core/cross-tab'
 *
 * const change = applyAnswer(
 *   { epoch: 'e1', generation: 0 },
 *   { failed: 'unreachable' },
 *   { now: Date.now(), id: 'id-2', jitter: 0.5 },
 * )
 * ```
 */
export const applyAnswer =
  (version: Version, { issued, refused, failed, retryAfter }: Answer, { now, id, jitter }: Entropy): Change =>
  (record) => {
    if (!isAt(record, version)) return record
    if (refused) return signOut(id, refused)(record)
    if (failed) {
      const tries = (record.lastFailure?.tries ?? 0) + 1
      const until = now + (retryAfter ?? jitter * 500 * 2 ** Math.min(tries, 4))
      return { ...record, lastFailure: { code: failed, tries, at: now, until } }
    }
    return {
      ...record,
      ...issued,
      generation: record.generation + 1,
      receivedAt: now,
      retryId: id,
      lastRetryId: record.retryId,
      lastFailure: undefined,
    }
  }

/**
 * Reconciles what a tab remembers with what the storage holds. The storage wins, unless this tab's last write failed,
 * or the storage returned an older value of the same session.
 *
 * @example
 * ```ts
 * import { reconcile, signOut } from '@tokenkeep/core/cross-tab'
 *
 * const remembered = signOut('e2', 'signed-out')(undefined)
 * console.log(reconcile(remembered, undefined)) // undefined: the storage was cleared
 * ```
 */
export function reconcile(
  known: SessionRecord | undefined,
  stored: SessionRecord | undefined,
): SessionRecord | undefined {
  if (!known || !stored?.session) return stored
  if (known.reason) return applyHint(known)(stored)
  return known.epoch === stored.epoch && known.generation > stored.generation
    ? { ...known, pendingRevocations: stored.pendingRevocations }
    : stored
}

/** What tabs tell each other: the version of the record, and the session that a sign-out ended. Never a token. */
export interface Hint {
  readonly epoch?: string | undefined
  readonly generation?: number | undefined
  readonly previousEpoch?: string | undefined
  readonly reason?: SignedOutReason | undefined
}

/**
 * Returns what a tab tells the others about a record.
 *
 * @example
 * ```ts
 * import { hintOf, signOut } from '@tokenkeep/core/cross-tab'
 *
 * const hint = hintOf(signOut('e2', 'signed-out')(undefined))
 * console.log(hint.reason) // 'signed-out'
 * ```
 */
export const hintOf = ({ epoch, generation, previousEpoch, reason }: Hint = {}): Hint => ({
  epoch,
  generation,
  previousEpoch,
  reason,
})

/**
 * Applies another tab's sign-out at once, before the storage shows it.
 *
 * @example
 * ```ts
 * import { applyHint } from '@tokenkeep/core/cross-tab'
 *
 * const change = applyHint({ epoch: 'e2', previousEpoch: 'e1', reason: 'signed-out' })
 * ```
 */
export const applyHint =
  ({ epoch, previousEpoch, reason }: Hint): Change =>
  (record) =>
    previousEpoch && previousEpoch === record?.epoch ? signOut(epoch!, reason!)(record) : record

/**
 * Removes a pending revocation that the server has answered.
 *
 * @example
 * ```ts
 * import { removeRevocation } from '@tokenkeep/core/cross-tab'
 *
 * const change = removeRevocation('session-1')
 * ```
 */
export const removeRevocation =
  (sessionId: string): Change =>
  (record) =>
    record && {
      ...record,
      pendingRevocations: record.pendingRevocations.filter((entry) => entry.sessionId !== sessionId),
    }
