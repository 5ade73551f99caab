import {
  browserEnvironment,
  createTokenManager,
  indexedDbStore,
  sessionServer,
  withPassageTokens,
  type Store,
  type TokenManager,
  type Transport,
} from '@tokenkeep/core'
import { identity, type SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import { issuerOf, type App } from './app.ts'
import { forgetAll, hasStorage, remember } from './left-behind.ts'
import { overTokenStore } from './store-adapter.ts'
import type { TokenStore } from './token-store.ts'

/** One session, as all the objects of this package that mean the same one share it. */
export interface Binding {
  readonly issuer: string
  readonly auth: TokenManager<AuthResult>
  /** Reads the store again: what asks for a token from then on waits for it. */
  look(): void
  /** Resolves once the store has been read. */
  readonly known: Promise<void>
  /** The record as it lies in the store now. */
  record(): Promise<SessionRecord | undefined>
  /** Ends the session here; true once the server knows, false where it has to be told later. */
  signOut(): Promise<boolean>
}

function bind(app: App, storeOver: (transport: Transport<AuthResult>) => Store, own: boolean): Binding {
  const transport = sessionServer(app)
  const issuer = issuerOf(app)
  const store = storeOver(transport)
  /** Who waits for what the server says to a sign-out. */
  const waiting = new Set<(told: boolean) => void>()
  const answered = (told: boolean): boolean => {
    for (const resolve of waiting) resolve(told)
    waiting.clear()
    return told
  }
  let look = (): void => {}
  const auth = createTokenManager({
    storage: store,
    environment: {
      ...browserEnvironment,
      onWake(listener, signal) {
        look = listener
        browserEnvironment.onWake(listener, signal)
      },
    },
    transport: {
      ...transport,
      revoke: async (...request) => answered(await transport.revoke(...request).catch(() => false)),
    },
  })
  const record = (): Promise<SessionRecord | undefined> => store.update(transport.key, identity)

  if (own && hasStorage())
    auth.subscribe((state) => {
      if (state.status === 'signed-out') forgetAll()
      else if (state.session) remember(issuer)
    })

  const known = new Promise<void>((resolve) => {
    const look = (): void => {
      const state = auth.get()
      if (state.status === 'refreshing' && !state.session) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = auth.subscribe(look)
    look()
  })

  return {
    issuer,
    auth,
    look: () => look(),
    known,
    record,
    async signOut() {
      await known
      const told = new Promise<boolean>((resolve) => waiting.add(resolve))
      await auth.signOut()
      if (own && hasStorage()) forgetAll()
      // Nothing to tell, where there was no refresh token or another tab has told it.
      if (!(await record())?.pendingRevocations.length) return true
      return (await told) && (await revocationRemoved(record))
    },
  }
}

/** The server has answered: the core takes the session's last token out of the store right away. */
async function revocationRemoved(record: Binding['record']): Promise<boolean> {
  while ((await record())?.pendingRevocations.length) await new Promise((resolve) => setTimeout(resolve))
  return true
}

const shared = new Map<string, Binding>()
const custom = new WeakMap<TokenStore, Map<string, Binding>>()

/** The session of an app: in this browser's own storage, or in a store of the caller's. */
export function bindingOf(app: App, tokens?: TokenStore): Binding {
  const bindings = tokens ? (custom.get(tokens) ?? new Map<string, Binding>()) : shared
  if (tokens) custom.set(tokens, bindings)
  const key = issuerOf(app)
  const binding =
    bindings.get(key) ??
    (tokens
      ? bind(app, (transport) => overTokenStore(tokens, transport), false)
      : bind(app, (transport) => withPassageTokens(indexedDbStore(), transport), true))
  bindings.set(key, binding)
  return binding
}
