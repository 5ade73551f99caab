import { readClaims } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import { appOf, type App } from './app.ts'
import { currentApp } from './current-app.ts'
import { configuredApp } from './configuration.ts'
import { loginRequired, throwAsPassageError } from './errors.ts'
import { sharedSessionOf } from './shared-session.ts'
import { TokenStore } from './token-store.ts'

/**
 * Passage's `PassageTokenStore`: the session in the storage of this browser. It is the default of `Passage`, `Session`
 * and `User`, so you need not pass it to them. Unlike Passage's, it keeps the tokens in IndexedDB, and `clearTokens`
 * ends the session at the server too.
 *
 * @example
 * ```ts
 * import { PassageTokenStore } from '@tokenkeep/passage'
 *
 * const token = await new PassageTokenStore().getAuthToken()
 * ```
 */
export class PassageTokenStore extends TokenStore {
  /**
   * Resolves to the auth token as it is, even if it has expired.
   *
   * @throws PassageError (704) if nobody is signed in
   */
  async getAuthToken(): Promise<string> {
    const { token } = (await this.#record()) ?? {}
    if (!token) throw loginRequired()
    return token
  }

  /** Resolves to the refresh token, or to undefined if there is none. */
  override async getRefreshToken(): Promise<string | undefined> {
    return (await this.#record())?.refreshToken ?? undefined
  }

  /**
   * Begins a session with the tokens of a sign-in, in every tab.
   *
   * @throws PassageError if the tokens are not of the configured app, or cannot be stored
   */
  async setTokens(result: AuthResult): Promise<void> {
    const app = configuredApp() ?? appOf(readClaims(result.auth_token)?.iss)
    if (!app) throw loginRequired()
    await sharedSessionOf(app).manager.signIn(result).catch(throwAsPassageError)
  }

  /** Signs out: ends the session in every tab and at the server. Does nothing if nobody is signed in. */
  override async clearTokens(): Promise<void> {
    const app: App | undefined = currentApp()
    if (app) await sharedSessionOf(app).signOut().catch(throwAsPassageError)
  }

  async #record() {
    const app = currentApp()
    if (!app) return undefined
    const { loaded, record } = sharedSessionOf(app)
    await loaded
    const current = await record()
    return current?.session ? current : undefined
  }
}
