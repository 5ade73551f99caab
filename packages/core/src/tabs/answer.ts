import type { Session, SignedOutReason } from '../machine/session.ts'
import { isAt, type Change, type Entropy, type Version } from './change.ts'
import type { RefreshFailure, TokenResponse } from './record.ts'
import { signOut } from './sign-in.ts'

/** The outcome of a refresh request. */
export type Answer = Issued | Refused | Failed

/** The server issued a new token pair. */
interface Issued {
  readonly issued: TokenResponse
  readonly refused?: undefined
  readonly failed?: undefined
  readonly retryAfter?: undefined
  readonly session?: undefined
  readonly cause?: undefined
}

/**
 * The server said that the session is over. With `displaced`, it said instead that another refresh of the session was
 * answered since. If a tab of this device sent that refresh, the record has moved on. If the record is unchanged, a
 * thief sent it, and the session is ended.
 */
interface Refused {
  readonly refused: SignedOutReason
  readonly issued?: undefined
  readonly failed?: undefined
  readonly retryAfter?: undefined
  readonly session?: undefined
  readonly cause?: undefined
}

/** No token arrived, and the session is not over. */
export interface Failed {
  readonly failed: RefreshFailure['code']
  /** How long the server asks to wait. Milliseconds. */
  readonly retryAfter?: number | undefined
  /** The session as it is from now on, if it can no longer be renewed. */
  readonly session?: Session | undefined
  /** Why it failed, for developers. It stays in memory: it is not written to storage. */
  readonly cause?: unknown
  readonly issued?: undefined
  readonly refused?: undefined
}

/**
 * Writes the outcome of a refresh. If the record has moved on, the answer is dropped. A failure leaves the version as it
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
  (
    version: Version,
    { issued, refused, failed, retryAfter, session }: Answer,
    { now, id, jitter }: Entropy,
  ): Change =>
  (record) => {
    if (!isAt(record, version)) return record
    if (refused) return signOut(refused)(record)
    if (failed) {
      const tries = (record.lastFailure?.tries ?? 0) + 1
      const until = now + (retryAfter ?? (1 + jitter) * 250 * 2 ** Math.min(tries, 4))
      return {
        ...record,
        ...(session && { session }),
        lastFailure: { code: failed, tries, at: now, until },
      }
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
