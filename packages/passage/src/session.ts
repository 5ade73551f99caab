import { readClaims, TokenError } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import { appOf } from './app.ts'
import { hasLocalStorage } from './browser-storage.ts'
import { configuredApp } from './configuration.ts'
import { currentApp } from './current-app.ts'
import { loginRequired, throwAsPassageError } from './errors.ts'
import { PassageTokenStore } from './passage-token-store.ts'
import { sharedSessionOf, type SharedSession } from './shared-session.ts'
import { authResultOf } from './token-store-adapter.ts'
import { isWritable, type ReadOnlyTokenStore, type TokenStore } from './token-store.ts'

/**
 * Passage's `Session`: the session of this page, or the session in a token store of your own.
 *
 * @example
 * ```ts
 * import { Session } from '@tokenkeep/passage'
 *
 * const session = new Session('shop')
 * if (await session.authGuard()) console.log(await session.getAuthToken())
 * ```
 */
export class Session {
  readonly #appId: string
  readonly #readOnly: ReadOnlyTokenStore | undefined
  readonly #tokens: TokenStore | undefined

  /** `tokenStore`: where the tokens are kept. Default: the storage of this browser. */
  constructor(appID: string, tokenStore?: ReadOnlyTokenStore) {
    this.#appId = appID
    // It stands for the storage of this browser.
    if (tokenStore instanceof PassageTokenStore) return
    if (tokenStore && isWritable(tokenStore)) this.#tokens = tokenStore
    else this.#readOnly = tokenStore
  }

  /**
   * Resolves to the auth token, refreshed first if it has expired. The token of a read-only store is returned unchanged.
   *
   * @throws PassageError. Its `statusCode` says why
   */
  async getAuthToken(): Promise<string> {
    if (this.#readOnly) return this.#readOnly.getAuthToken()
    return (await this.#requireShared()).manager.getAuthToken().catch(throwAsPassageError)
  }

  /**
   * Resolves to new tokens, also if the old ones are still valid.
   *
   * @throws PassageError if no new tokens arrived
   */
  async refresh(): Promise<AuthResult> {
    const { manager, loaded, record } = await this.#requireShared()
    await loaded
    const before = manager.get()
    const token = await manager.getAuthToken({ minValidSeconds: Infinity }).catch(throwAsPassageError)
    const after = await record()
    if (!after?.session) throw loginRequired()
    // If the refresh failed, the core returns the old token while it is valid. This function promises a new one.
    if (before.status === 'valid' && before.token === token)
      throwAsPassageError(
        new TokenError(after.lastFailure?.code ?? 'sign-in-required', { retryAt: after.lastFailure?.until }),
      )
    return authResultOf(after)
  }

  /**
   * Ends the session in every tab at once, also offline. Resolves to true once the server knows, and to false if the
   * server could not be reached and is told later. Resolves to true if there is no session.
   *
   * @throws PassageError if the sign-out could not be stored
   */
  async signOut(): Promise<boolean> {
    const shared = await this.#findShared()
    return shared ? shared.signOut().catch(throwAsPassageError) : true
  }

  /** Resolves to true if somebody is signed in, with a token that is valid or can be refreshed. Never rejects. */
  async authGuard(): Promise<boolean> {
    try {
      const { exp = 0 } = readClaims(await this.getAuthToken()) ?? {}
      return exp > Date.now() / 1000
    } catch {
      return false
    }
  }

  async #requireShared(): Promise<SharedSession> {
    const shared = await this.#findShared()
    if (!shared) throw loginRequired()
    return shared
  }

  async #findShared(): Promise<SharedSession | undefined> {
    // During server-side rendering there is no storage, and so no session.
    if (this.#readOnly || (!this.#tokens && !hasLocalStorage())) return undefined
    const app = this.#tokens
      ? (configuredApp() ?? appOf(readClaims(await this.#tokens.getAuthToken().catch(() => undefined))?.iss))
      : currentApp()
    const shared = app && sharedSessionOf({ ...app, appId: this.#appId }, this.#tokens)
    // Code that signs in through its own token store does not notify this package, so the store is read again.
    if (this.#tokens && shared?.manager.get().status === 'signed-out') shared.reread()
    return shared
  }
}
