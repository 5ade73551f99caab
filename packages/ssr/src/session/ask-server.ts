import type { Transport } from '@tokenkeep/core'
import { applyAnswer, type Answer, type Entropy, type SignedInRecord } from '@tokenkeep/core/cross-tab'
import type { ServerEnvironment } from '../environment.ts'
import { randomId } from '../sealing/base64url.ts'
import { deriveRetryId } from '../sealing/retry-id.ts'
import type { SealedRecord, SealedSignedInRecord } from './sealed-record.ts'

/** Sends one refresh. Resolves to the record as the answer leaves it. Never rejects. */
export type AskServer = (
  record: SealedSignedInRecord,
  fetch: ServerEnvironment['fetch'],
) => Promise<SealedRecord>

export function createAskServer(transport: Pick<Transport<never>, 'refresh'>, now: () => number): AskServer {
  async function entropyFor(secret: string, { issued }: Answer): Promise<Entropy> {
    const successor = issued?.refreshToken
    const id = successor ? await deriveRetryId(secret, successor) : randomId()
    return { now: now(), id, jitter: Math.random() }
  }

  /** The transport gets what it needs, and never the secret. */
  async function send(
    { session, refreshToken, retryId }: SignedInRecord,
    fetch: ServerEnvironment['fetch'],
  ): Promise<Answer> {
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

  return async (record, fetch) => {
    const answer = await send(record, fetch)
    return applyAnswer(record, answer, await entropyFor(record.secret, answer))(record)!
  }
}
