import type { Environment } from '../environment.ts'
import type { Signal } from '../platform.ts'
import { removeRevocation } from '../tabs/sign-in.ts'
import type { PendingRevocation } from '../tabs/record.ts'
import type { Transport } from '../transports/transport.ts'
import type { Replica } from './replica.ts'
import { MAX_REVOCATION_RETRY_DELAY, REVOCATION_RETRY_DELAY } from './timeouts.ts'

/**
 * Tells the server which sessions were signed out on this device, until it has answered for each of them. Each revocation
 * is retried on its own, after growing delays. A crash loses none of them, because they are in the record. Returns a
 * function that tries all of them now.
 */
export function createRevoker(
  transport: Pick<Transport<never>, 'revoke'>,
  replica: Replica,
  env: Environment,
  disposed: Signal,
): () => void {
  /** Ids of the sessions whose revocation has begun and not ended. */
  const begun = new Set<string>()
  /** Each function ends the pause of one revocation. */
  const pauses: (() => void)[] = []

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = env.after(ms, resolve)
      pauses.push(() => resolve(cancel()))
    })
  const endPauses = (): void => pauses.splice(0).forEach((end) => end())

  async function revoke(revocation: PendingRevocation): Promise<void> {
    const { sessionId } = revocation
    if (begun.has(sessionId)) return
    begun.add(sessionId)
    for (let delay = REVOCATION_RETRY_DELAY; !disposed.aborted;) {
      if (await transport.revoke(revocation, env.fetch).catch(() => false)) {
        const remove = removeRevocation(sessionId)
        replica.adopt(await replica.commit(remove).catch(() => remove(replica.current)))
        begun.delete(sessionId)
        return
      }
      if (!disposed.aborted) await pause(delay)
      delay = Math.min(delay * 2, MAX_REVOCATION_RETRY_DELAY)
    }
  }

  disposed.addEventListener('abort', endPauses)
  return () => {
    endPauses()
    replica.current?.pendingRevocations.forEach(revoke)
  }
}
