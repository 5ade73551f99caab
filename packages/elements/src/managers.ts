import { createTokenManager, sessionServer, type TokenManager } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import type { PasskeysOptions } from './passkeys.ts'

/** What an element needs of a token manager. */
export type SessionKeeper = Pick<TokenManager<AuthResult>, 'get' | 'signIn' | 'subscribe'>

const registered = new Map<string, SessionKeeper>()
const made = new Map<string, SessionKeeper>()

/** Tells every element for this app which manager keeps its sessions. Returns the end of it. */
export function registerTokenManager(appId: string, manager: SessionKeeper): () => void {
  registered.set(appId, manager)
  return () => {
    if (registered.get(appId) === manager) registered.delete(appId)
  }
}

/**
 * The registered manager, or one of the elements' own. All managers of an app share one storage, so that whatever
 * the rest of the page uses is signed in too.
 */
export function managerFor({ server, appId }: PasskeysOptions): SessionKeeper {
  const own = registered.get(appId)
  if (own) return own
  const key = `${server} ${appId}`
  const manager = made.get(key) ?? createTokenManager({ transport: sessionServer({ url: server, appId }) })
  made.set(key, manager)
  return manager
}
