import {
  browserEnvironment,
  createTokenManager,
  indexedDbStore,
  sessionServer,
  settled,
  withPassageTokens,
  type Store,
  type TokenManager,
  type Transport,
} from '@tokenkeep/core'
import { identity, type SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import { issuerOf, type App } from './app.ts'
import { clearBrowserStorage, hasLocalStorage, writeIssuer } from './browser-storage.ts'
import { storeOverTokens } from './token-store-adapter.ts'
import type { TokenStore } from './token-store.ts'

/** One session. All objects of this package with the same app and the same token store share it. */
export interface SharedSession {
  readonly manager: TokenManager<AuthResult>
  /** Reads the store again. Later calls wait for the result. */
  reread(): void
  /** Resolves once the store has been read for the first time. */
  readonly loaded: Promise<void>
  /** Reads the record from the store. */
  record(): Promise<SessionRecord | undefined>
  /** Ends the session here. Resolves to true once the server knows, and to false if the server is told later. */
  signOut(): Promise<boolean>
}

/** `usesBrowserStorage`: the session is in the storage of this browser, not in a token store of the caller. */
function createSharedSession(
  app: App,
  storeFor: (transport: Transport<AuthResult>) => Store,
  usesBrowserStorage: boolean,
): SharedSession {
  const transport = sessionServer(app)
  const store = storeFor(transport)
  /** Called with true once the server confirmed a revocation, and with false if it did not. */
  const revocationListeners = new Set<(confirmed: boolean) => void>()
  const notify = (confirmed: boolean): void => {
    for (const listener of revocationListeners) listener(confirmed)
    revocationListeners.clear()
  }
  let reread = (): void => {}
  const manager = createTokenManager({
    storage: store,
    environment: {
      ...browserEnvironment,
      // The manager reads the store again when the page wakes. `reread` calls the same listener.
      channel(name, listener, signal) {
        reread = listener
        return browserEnvironment.channel(name, listener, signal)
      },
    },
    transport: {
      ...transport,
      async revoke(...request) {
        try {
          const failure = await transport.revoke(...request)
          notify(!failure)
          return failure
        } catch (error) {
          notify(false)
          throw error
        }
      },
    },
  })
  const record = (): Promise<SessionRecord | undefined> => store.update(transport.key, identity)

  if (usesBrowserStorage && hasLocalStorage())
    manager.subscribe((state) => {
      if (state.status === 'signed-out') clearBrowserStorage()
      else if (state.session) writeIssuer(issuerOf(app))
    })

  const loaded = settled(manager).then(() => {})

  return {
    manager,
    reread: () => reread(),
    loaded,
    record,
    async signOut() {
      await loaded
      const confirmed = new Promise<boolean>((resolve) => revocationListeners.add(resolve))
      await manager.signOut()
      if (usesBrowserStorage && hasLocalStorage()) clearBrowserStorage()
      // No revocation is pending: there was no refresh token, or another tab has revoked it.
      if (!(await record())?.pendingRevocations.length) return true
      return (await confirmed) && (await revocationRemoved(record))
    },
  }
}

/** Waits until the core has removed the confirmed revocation from the store, which it does right away. */
async function revocationRemoved(record: SharedSession['record']): Promise<boolean> {
  while ((await record())?.pendingRevocations.length) await new Promise((resolve) => setTimeout(resolve))
  return true
}

/** The sessions in the storage of this browser, by issuer. */
const browserSessions = new Map<string, SharedSession>()
/** The sessions in token stores of the caller, by issuer. */
const customSessions = new WeakMap<TokenStore, Map<string, SharedSession>>()

/** Returns the session of an app: in the storage of this browser, or in `tokens`. */
export function sharedSessionOf(app: App, tokens?: TokenStore): SharedSession {
  const sessions = tokens ? (customSessions.get(tokens) ?? new Map<string, SharedSession>()) : browserSessions
  if (tokens) customSessions.set(tokens, sessions)
  const issuer = issuerOf(app)
  const session =
    sessions.get(issuer) ??
    (tokens
      ? createSharedSession(app, (transport) => storeOverTokens(tokens, transport), false)
      : createSharedSession(app, (transport) => withPassageTokens(indexedDbStore(), transport), true))
  sessions.set(issuer, session)
  return session
}
