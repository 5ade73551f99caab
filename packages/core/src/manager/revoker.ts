import type { Environment } from '../environment.ts'
import { removeRevocation } from '../tabs/protocol.ts'
import type { PendingRevocation } from '../tabs/record.ts'
import type { Transport } from '../transports/transport.ts'
import type { Replica } from './replica.ts'
import { MAX_REVOCATION_RETRY_DELAY, REVOCATION_RETRY_DELAY } from './timeouts.ts'

/** Tells the server of sessions that were signed out on this device, until it has answered for each. */
export interface Revoker {
  /** Sends each pending revocation that is not being sent and does not wait for its next try. */
  send(): void
  /** Sends those that wait for their next try, too. */
  sendNow(): void
}

/** Each revocation is retried by itself, after growing delays. A crash loses none: they lie in the record. */
export function createRevoker(
  transport: Pick<Transport<never>, 'revoke'>,
  replica: Replica,
  env: Environment,
  disposed: AbortSignal,
): Revoker {
  /** By session id, how to end the wait for the next try; undefined while the request is under way. */
  const busy = new Map<string, (() => void) | undefined>()

  async function revoke(revocation: PendingRevocation, delay = REVOCATION_RETRY_DELAY): Promise<void> {
    const { sessionId } = revocation
    busy.set(sessionId, undefined)
    const isAnswered = await transport.revoke(revocation, env.fetch).catch(() => false)
    if (disposed.aborted) return
    if (!isAnswered) {
      const again = (): Promise<void> =>
        revoke(revocation, Math.min(delay * 2, MAX_REVOCATION_RETRY_DELAY))
      return void busy.set(sessionId, env.after(delay, again))
    }
    const remove = removeRevocation(sessionId)
    replica.adopt(await replica.commit(remove).catch(() => remove(replica.current)))
    busy.delete(sessionId)
  }

  const endWaits = (): void => {
    for (const [sessionId, cancel] of busy) {
      if (!cancel) continue
      cancel()
      busy.delete(sessionId)
    }
  }
  disposed.addEventListener('abort', endWaits)
  const send = (): void => {
    for (const revocation of replica.current?.pendingRevocations ?? [])
      if (!busy.has(revocation.sessionId)) void revoke(revocation)
  }
  return {
    send,
    sendNow() {
      endWaits()
      send()
    },
  }
}
