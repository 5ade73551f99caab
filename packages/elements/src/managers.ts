import { createTokenManager, sessionServer, withCookie, type TokenManager } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import type { PasskeysOptions } from './address.ts'

/** The part of a token manager that an element uses. */
export type ElementTokenManager = Pick<
  TokenManager<AuthResult>,
  'get' | 'getAuthToken' | 'signIn' | 'subscribe'
>

const registered = new Map<string, ElementTokenManager>()
const created = new Map<string, ElementTokenManager>()

/**
 * Makes all elements of an app store their sessions in `manager`. Returns a function that undoes it.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { registerTokenManager } from '@tokenkeep/elements'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * registerTokenManager('shop', createTokenManager({ transport }))
 * ```
 */
export function registerTokenManager(appId: string, manager: ElementTokenManager): () => void {
  registered.set(appId, manager)
  return () => {
    if (registered.get(appId) === manager) registered.delete(appId)
  }
}

/**
 * Returns the registered manager, or else one that the elements create and share. All managers of an app use the same
 * storage, so a sign-in reaches the page's own manager too.
 */
export function managerFor({ server, appId, storage }: PasskeysOptions): ElementTokenManager {
  const own = registered.get(appId)
  if (own) return own
  const key = `${server} ${appId} ${storage ?? ''}`
  const transport = sessionServer({ url: server, appId })
  const manager =
    created.get(key) ?? createTokenManager({ transport: storage ? withCookie(transport) : transport })
  created.set(key, manager)
  return manager
}
