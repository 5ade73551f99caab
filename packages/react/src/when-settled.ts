import { settled, type TokenManager } from '@tokenkeep/core'

interface Wait {
  readonly promise: Promise<void>
  stop(): void
}

const waits = new WeakMap<TokenManager, Wait>()

/**
 * Resolves once the storage has been read. All components that suspend share one promise per manager: React renders a
 * suspended component many times, and never says that it has given it up.
 */
export function whenSettled(manager: TokenManager): Promise<void> {
  const wait = waits.get(manager) ?? startWaiting(manager)
  waits.set(manager, wait)
  return wait.promise
}

/** Called when a provider unmounts. Components below another provider render again, and wait again. */
export const stopWaiting = (manager: TokenManager): void => waits.get(manager)?.stop()

function startWaiting(manager: TokenManager): Wait {
  const { get, subscribe } = manager
  let stop = (): void => {}
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  let unsubscribe = (): void => {}
  const isSettled = settled({ get, subscribe: (listener) => (unsubscribe = subscribe(listener)) })
  const promise = Promise.race([stopped, isSettled]).then(() => {
    unsubscribe()
    waits.delete(manager)
  })
  return { promise, stop }
}
