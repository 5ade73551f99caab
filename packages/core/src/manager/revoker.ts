import type { Environment } from '../environment.ts'
import type { Signal } from '../platform.ts'
import type { Failed } from '../tabs/answer.ts'
import { removeRevocation } from '../tabs/sign-in.ts'
import type { PendingRevocation } from '../tabs/record.ts'
import type { Transport } from '../transports/transport.ts'
import type { Replica } from './replica.ts'
import { REVOCATION_RETRY_DELAY } from './timeouts.ts'

/**
 * Tells the server which sessions were signed out on this device, until it has answered for each of them. Each revocation
 * is retried on its own, after growing delays, and is given up if it fails after its refresh token has expired. A crash
 * loses none of them, because they are in the record. Returns a function that begins those that have not begun.
 */
export function createRevoker(
  transport: Pick<Transport<never>, 'revoke'>,
  replica: Replica,
  env: Environment,
  disposed: Signal,
): () => void {
  /** The ids of the sessions whose revocation has begun and not ended. */
  const begun = new Set<string>()

  async function revoke(revocation: PendingRevocation): Promise<void> {
    const { sessionId, expiresAt } = revocation
    begun.add(sessionId)
    for (let tries = 0; !disposed.aborted; tries++) {
      const failure: Partial<Failed> | undefined = await transport
        .revoke(revocation, env.fetch, env.now)
        .catch(() => ({}))
      if (!failure || env.now() > expiresAt!) {
        const remove = removeRevocation(sessionId)
        replica.adopt(await replica.commit(remove).catch(() => remove(replica.current)))
        return void begun.delete(sessionId)
      }
      // A server that has answered will soon answer the same. A server that was not reached may be back soon.
      const delay = REVOCATION_RETRY_DELAY * 2 ** Math.min(tries, failure.failed ? 6 : 2)
      const wait = Math.max(delay, failure.retryAfter ?? 0)
      // Without a timer, the promise never resolves: a disposed manager does not try again.
      await new Promise<void>(
        (resolve) => disposed.aborted || disposed.addEventListener('abort', env.after(wait, resolve)),
      )
    }
  }

  return () =>
    replica.current?.pendingRevocations.forEach((revocation) => {
      if (!begun.has(revocation.sessionId)) void revoke(revocation)
    })
}
