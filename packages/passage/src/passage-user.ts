import { createAuthFetch, readClaims } from '@tokenkeep/core'
import { appOf, issuerOf, type App } from './app.ts'
import { hasLocalStorage } from './browser-storage.ts'
import { configuredApp } from './configuration.ts'
import { loginRequired, PassageError } from './errors.ts'
import { currentApp } from './current-app.ts'
import { Session } from './session.ts'
import { sharedSessionOf } from './shared-session.ts'
import { ReadOnlyTokenStore } from './token-store.ts'
import type { PassageUserInfo } from './user-info.ts'

/** Holds the token that the caller passed. */
class GivenTokenStore extends ReadOnlyTokenStore {
  readonly #token: string
  constructor(token: string) {
    super()
    this.#token = token
  }
  getAuthToken(): Promise<string> {
    return Promise.resolve(this.#token)
  }
}

/**
 * Passage's `PassageUser`: the user who is signed in on this page, or the user of an auth token that you pass.
 *
 * @example
 * ```ts
 * import { PassageUser } from '@tokenkeep/passage'
 *
 * const user = new PassageUser()
 * const headers = { Authorization: `Bearer ${await user.getAuthToken()}` }
 * await fetch('/api/orders', { headers })
 * await user.signOut()
 * ```
 */
export class PassageUser {
  readonly #session: Session
  readonly #app: App | undefined
  readonly #givenToken: string | undefined

  /**
   * `authToken`: makes this user read-only, with that token. Default: the session of this page.
   *
   * @throws PassageError (704) if nobody is signed in, or `authToken` does not come from a session server. During server-side
   *   rendering and after `configurePassage`, the first call rejects instead
   */
  constructor(authToken?: string) {
    const app = authToken ? appOf(readClaims(authToken)?.iss) : currentApp()
    if (!app && (authToken || hasLocalStorage())) throw loginRequired()
    this.#app = app
    this.#givenToken = authToken
    this.#session = new Session(app?.appId ?? '', authToken ? new GivenTokenStore(authToken) : undefined)
  }

  /**
   * Resolves to the auth token, refreshed first if it has expired. A token that you passed is returned unchanged, even if
   * it has expired.
   *
   * @throws PassageError
   */
  getAuthToken(): Promise<string> {
    return this.#session.getAuthToken()
  }

  /**
   * Resolves to a new auth token, also if the old one is still valid.
   *
   * @throws PassageError if no new token arrived
   */
  async refresh(): Promise<string> {
    return (await this.#session.refresh()).auth_token
  }

  /**
   * Ends the session in every tab at once, also offline. Resolves to true once the server knows, and to false if the
   * server could not be reached and is told later. Resolves to true and does nothing for a token that you passed.
   *
   * @throws PassageError if the sign-out could not be stored
   */
  signOut(): Promise<boolean> {
    return this.#session.signOut()
  }

  /** Resolves to true if the user is signed in, with a token that is valid or can be refreshed. Never rejects. */
  authGuard(): Promise<boolean> {
    return this.#session.authGuard()
  }

  /**
   * Resolves to what the server knows of the user, or to undefined if it does not accept the token.
   *
   * @throws PassageError if nobody is signed in, or the server cannot be reached (404, as in Passage)
   */
  async userInfo(): Promise<PassageUserInfo | undefined> {
    const app = this.#app
    const trusted = configuredApp()
    if (!app || (trusted && issuerOf(trusted) !== issuerOf(app))) {
      if (this.#givenToken) return undefined
      throw loginRequired()
    }
    const token = await this.getAuthToken()
    const auth = this.#givenToken ? { getAuthToken: async () => token } : sharedSessionOf(app).manager
    const url = `${issuerOf(app)}/currentuser`
    let response: Response
    try {
      response = await createAuthFetch(auth, { origins: [new URL(url).origin] })(url)
    } catch (cause) {
      throw new PassageError(404, 'Not Found', 'Failed to fetch current user.', { cause })
    }
    if (!response.ok) return undefined
    return ((await response.json()) as { user: PassageUserInfo }).user
  }
}
