import type { Environment } from './environment.ts'
import { forget } from './protocol.ts'
import type { Farewell } from './record.ts'
import type { Store } from './store.ts'

/** Milliseconds between tries to reach a server that does not answer. */
const pause = 5000

/** Tells the server of sessions that were signed out here, until it has answered; a crash in between loses none. */
export function createOutbox({
  env,
  key,
  store,
  pending,
  revoke,
  stopped,
}: {
  env: Environment
  key: string
  store: Store | undefined
  pending: () => readonly Farewell[]
  revoke: (farewell: Farewell) => Promise<boolean>
  stopped: AbortSignal
}): { flush(): void } {
  const under = new Set<string>()
  const said = new Set<string>()
  let cancel: (() => void) | undefined

  async function deliver(farewell: Farewell): Promise<void> {
    under.add(farewell.sessionId)
    try {
      if (!(await revoke(farewell))) throw new Error('not revoked')
      said.add(farewell.sessionId)
      await store?.transact(key, forget(farewell.sessionId))
    } catch {
      cancel?.()
      if (!stopped.aborted) cancel = env.after(pause * (1 + env.jitter()), flush)
    } finally {
      under.delete(farewell.sessionId)
    }
  }

  function flush(): void {
    for (const farewell of pending())
      if (!under.has(farewell.sessionId) && !said.has(farewell.sessionId)) void deliver(farewell)
  }

  stopped.addEventListener('abort', () => cancel?.())
  return { flush }
}
