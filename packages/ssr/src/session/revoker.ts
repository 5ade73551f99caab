import type { Transport } from '@tokenkeep/core'
import type { PendingRevocation } from '@tokenkeep/core/cross-tab'
import type { ServerEnvironment } from '../environment.ts'
import { timeLimit } from '../time-limit.ts'
import type { SealedRecord } from './sealed-record.ts'

/**
 * Tells the server of a record's pending revocations. Resolves to the record with those that are left. Never rejects.
 * `ended`: the epoch that is over with them, if a store must know.
 */
export type Revoke = (record: SealedRecord, ended?: string) => Promise<SealedRecord>

/** How long a response waits for the server's answer. Milliseconds. */
const PATIENCE = 2000
/** How long after a failure this process asks again. Milliseconds. */
const PAUSE = 30_000
const MAX_FAILURES = 10_000

/** Each revocation is tried with the responses that carry its cookie, until the server has answered. */
export function createRevoke(
  transport: Pick<Transport<never>, 'revoke'>,
  { now, fetch }: ServerEnvironment,
): Revoke {
  /** When the revocation of a session may be tried again. */
  const pauses = new Map<string, number>()

  async function isRevoked(revocation: PendingRevocation): Promise<boolean> {
    if ((pauses.get(revocation.sessionId) ?? 0) > now()) return false
    const revoked = await timeLimit(transport.revoke(revocation, fetch, now), PATIENCE).then(
      (failure) => !failure,
      () => false,
    )
    pauses.delete(revocation.sessionId)
    if (revoked) return true
    pauses.set(revocation.sessionId, now() + PAUSE)
    const [oldest] = pauses.keys()
    if (pauses.size > MAX_FAILURES) pauses.delete(oldest!)
    return false
  }

  return async (record) => {
    const { pendingRevocations } = record
    const revoked = await Promise.all(pendingRevocations.map(isRevoked))
    return { ...record, pendingRevocations: pendingRevocations.filter((_, at) => !revoked[at]) }
  }
}
