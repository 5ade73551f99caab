import { readClaims, TokenError } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import { appOf, type App } from './app.ts'
import { bindingOf, type Binding } from './binding.ts'
import { configuration } from './configuration.ts'
import { nobody, rethrow } from './errors.ts'
import { hasStorage, leftBehind, remembered } from './left-behind.ts'
import { authResultOf } from './store-adapter.ts'
import { isWritable, type ReadOnlyTokenStore, type TokenStore } from './token-store.ts'

/** The app whose session lies in this browser, as far as that is known without waiting. */
export function appHere(): App | undefined {
  const configured = configuration()
  if (configured || !hasStorage()) return configured
  return appOf(readClaims(leftBehind())?.iss) ?? appOf(remembered())
}

/** Passage's `Session`: that of a page, or the one in a store of the caller's. */
export class Session {
  readonly #appId: string
  readonly #readOnly: ReadOnlyTokenStore | undefined
  readonly #tokens: TokenStore | undefined

  constructor(appID: string, tokenStore?: ReadOnlyTokenStore) {
    this.#appId = appID
    if (tokenStore && isWritable(tokenStore)) this.#tokens = tokenStore
    else this.#readOnly = tokenStore
  }

  /** The auth token, refreshed first where it has expired. Rejects with a `PassageError`; its `statusCode` says why. */
  async getAuthToken(): Promise<string> {
    if (this.#readOnly) return this.#readOnly.getAuthToken()
    return (await this.#bound()).auth.getAuthToken().catch(rethrow)
  }

  /** Asks for new tokens, whether the old ones have expired or not. */
  async refresh(): Promise<AuthResult> {
    const { auth, known, record } = await this.#bound()
    await known
    const before = auth.get()
    const token = await auth.getAuthToken({ minValidSeconds: Infinity }).catch(rethrow)
    const after = await record()
    if (!after?.session) throw nobody()
    // The core hands the old token out for as long as it is good; this is about a new one.
    if (before.status === 'valid' && before.token === token)
      rethrow(
        new TokenError(after.lastFailure?.code ?? 'sign-in-required', { retryAt: after.lastFailure?.until }),
      )
    return authResultOf(after)
  }

  /**
   * Ends the session, in every tab at once, offline too. True once the server knows; false where it could not be
   * reached, and is told later.
   */
  async signOut(): Promise<boolean> {
    const binding = await this.#find()
    return binding ? binding.signOut().catch(rethrow) : true
  }

  /** Whether somebody is signed in, with a token that is good or can be refreshed. Never rejects. */
  async authGuard(): Promise<boolean> {
    try {
      const { exp = 0 } = readClaims(await this.getAuthToken()) ?? {}
      return exp > Date.now() / 1000
    } catch {
      return false
    }
  }

  async #bound(): Promise<Binding> {
    const binding = await this.#find()
    if (!binding) throw nobody()
    return binding
  }

  async #find(): Promise<Binding | undefined> {
    // A server that renders keeps nobody's session.
    if (this.#readOnly || (!this.#tokens && !hasStorage())) return undefined
    const here = this.#tokens
      ? (configuration() ?? appOf(readClaims(await this.#tokens.getAuthToken().catch(() => undefined))?.iss))
      : appHere()
    const binding = here && bindingOf({ ...here, appId: this.#appId }, this.#tokens)
    // Who signs in through a store of the caller's tells nobody.
    if (this.#tokens && binding?.auth.get().status === 'signed-out') binding.look()
    return binding
  }
}
