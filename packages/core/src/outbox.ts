import type { Context } from './context.ts'
import { forget } from './protocol.ts'
import type { Farewell } from './record.ts'

/** Milliseconds between tries to reach a server that does not answer. */
const pause = 5000

/** Tells the server of sessions that were signed out here, until it has answered; a crash in between loses none. */
export function createOutbox(
  { env, store, transport, send, stopped }: Context,
  pending: () => readonly Farewell[],
): () => void {
  /** Sessions whose farewell is on its way, or said. */
  const under = new Set<string>()
  let cancel: (() => void) | undefined

  async function deliver(farewell: Farewell): Promise<void> {
    under.add(farewell.sessionId)
    try {
      if (!(await transport.revoke(farewell, send))) throw new Error('not revoked')
      await store.transact(transport.key, forget(farewell.sessionId))
    } catch {
      under.delete(farewell.sessionId)
      cancel?.()
      if (!stopped.aborted) cancel = env.after(pause * (1 + env.jitter()), flush)
    }
  }

  function flush(): void {
    for (const farewell of pending()) if (!under.has(farewell.sessionId)) void deliver(farewell)
  }

  stopped.addEventListener('abort', () => cancel?.())
  return flush
}
