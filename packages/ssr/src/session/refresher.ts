import type { Transport } from '@tokenkeep/core'
import {
  applyAnswer,
  needsRefresh,
  type Answer,
  type Entropy,
  type RefreshFailure,
  type SignedInRecord,
} from '@tokenkeep/core/cross-tab'
import type { ServerEnvironment } from '../environment.ts'
import { randomId } from '../sealing/base64url.ts'
import { deriveRetryId } from '../sealing/retry-id.ts'
import type { SealedRecord, SealedSignedInRecord } from './sealed-record.ts'

/** Refreshes a record once, for every request of this process that has the same one. Never rejects. */
export type Refresh = (record: SealedSignedInRecord) => Promise<SealedRecord | undefined>

/** How many failures a process remembers. The oldest is forgotten first. */
const MAX_FAILURES = 10_000

/**
 * Takes a record through the core's refresh. A server request is a tab that lives for one request: it has no lock, and the
 * record in its cookie is the storage.
 *
 * A failure is kept in the process, not in the cookie: until its pause is over, no request of this process asks again.
 */
export function createRefresh(
  transport: Pick<Transport<never>, 'refresh'>,
  { now, fetch }: ServerEnvironment,
): Refresh {
  const inFlight = new Map<string, Promise<SealedRecord | undefined>>()
  const failures = new Map<string, RefreshFailure>()

  async function entropyFor(secret: string, { issued }: Answer): Promise<Entropy> {
    const successor = issued?.refreshToken
    const id = successor ? await deriveRetryId(secret, successor) : randomId()
    return { now: now(), id, jitter: Math.random() }
  }

  /** The transport gets what it needs, and never the secret. */
  async function send({ session, refreshToken, retryId }: SignedInRecord): Promise<Answer> {
    try {
      const answer = await transport.refresh({ session, refreshToken, retryId }, fetch, now)
      // The session goes on with tokens that this cookie does not hold. That proves no theft: cookies fall back. The next
      // request may bring a newer one.
      return answer.refused === 'displaced' ? { failed: 'unreachable' } : answer
    } catch {
      // The connection broke, or the answer came too late. Neither ends the session.
      return { failed: 'unreachable' }
    }
  }

  async function refresh(from: SealedSignedInRecord): Promise<SealedRecord | undefined> {
    if (!needsRefresh(from, from, now())) return from
    const answer = await send(from)
    return applyAnswer(from, answer, await entropyFor(from.secret, answer))(from)
  }

  function remember(refreshToken: string, failure: RefreshFailure | undefined): void {
    failures.delete(refreshToken)
    if (!failure) return
    failures.set(refreshToken, failure)
    const [oldest] = failures.keys()
    if (failures.size > MAX_FAILURES) failures.delete(oldest!)
  }

  return (record) => {
    const key = record.refreshToken ?? record.epoch
    const running = inFlight.get(key)
    if (running) return running
    const started = refresh({ ...record, lastFailure: failures.get(key) }).then((after) => {
      inFlight.delete(key)
      remember(key, after?.lastFailure)
      return after
    })
    inFlight.set(key, started)
    return started
  }
}
