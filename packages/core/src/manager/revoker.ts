import type { Environment } from '../environment.ts'
import type { HttpResponse, Signal } from '../platform.ts'
import { removeRevocation } from '../tabs/sign-in.ts'
import type { PendingRevocation } from '../tabs/record.ts'
import { failure } from '../transports/failure.ts'
import type { Send, Transport } from '../transports/transport.ts'
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
  /** For each session whose revocation has begun and not ended: ends the pause before the next try. */
  const begun = new Map<string, () => void>()

  async function revoke(revocation: PendingRevocation, tries = 0): Promise<void> {
    const { sessionId, expiresAt } = revocation
    begun.set(sessionId, () => {})
    let response: HttpResponse | undefined
    const send: Send = async (url, init) => (response = await env.fetch(url, init))
    const isOver = await transport.revoke(revocation, send).catch(() => false)
    if (isOver || env.now() > expiresAt!) {
      const remove = removeRevocation(sessionId)
      replica.adopt(await replica.commit(remove).catch(() => remove(replica.current)))
      begun.delete(sessionId)
    } else if (!disposed.aborted) {
      // A server that has answered will soon answer the same. A server that was not reached may be back soon.
      const delay = REVOCATION_RETRY_DELAY * 2 ** Math.min(tries, response ? 6 : 2)
      const wait = Math.max(delay, (response && failure(response, env.now()).retryAfter) ?? 0)
      begun.set(
        sessionId,
        env.after(wait, () => revoke(revocation, tries + 1)),
      )
    }
  }

  disposed.addEventListener('abort', () => begun.forEach((cancel) => cancel()))
  return () => {
    if (disposed.aborted) return
    for (const revocation of replica.current?.pendingRevocations ?? [])
      if (!begun.has(revocation.sessionId)) void revoke(revocation)
  }
}
