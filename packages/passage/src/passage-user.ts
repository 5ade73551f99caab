import { createAuthFetch, readClaims } from '@tokenkeep/core'
import { appOf, issuerOf, type App } from './app.ts'
import { bindingOf } from './shared-session.ts'
import { configuration } from './configuration.ts'
import { nobody, PassageError } from './errors.ts'
import { hasStorage } from './browser-storage.ts'
import { appHere, Session } from './session.ts'
import { ReadOnlyTokenStore } from './token-store.ts'
import type { PassageUserInfo } from './user-info.ts'

/** A token that the caller has, and answers for. */
class GivenToken extends ReadOnlyTokenStore {
  readonly #token: string
  constructor(token: string) {
    super()
    this.#token = token
  }
  getAuthToken(): Promise<string> {
    return Promise.resolve(this.#token)
  }
}

/** Passage's `PassageUser`: who is signed in on this page, or whoever an auth token is about. */
export class PassageUser {
  readonly #session: Session
  readonly #app: App | undefined
  readonly #given: string | undefined

  /**
   * @throws PassageError (704) where nobody is signed in here. Not while a server renders, and not after
   *   `configurePassage`: there the first call tells.
   */
  constructor(authToken?: string) {
    const app = authToken ? appOf(readClaims(authToken)?.iss) : appHere()
    if (!app && (authToken || hasStorage())) throw nobody()
    this.#app = app
    this.#given = authToken
    this.#session = new Session(app?.appId ?? '', authToken ? new GivenToken(authToken) : undefined)
  }

  /** See `Session.getAuthToken`. A given token comes back as it is, expired or not. */
  getAuthToken(): Promise<string> {
    return this.#session.getAuthToken()
  }

  /** A new auth token, whether the old one has expired or not. */
  async refresh(): Promise<string> {
    return (await this.#session.refresh()).auth_token
  }

  /** See `Session.signOut`. With a given token there is nothing to end: true. */
  signOut(): Promise<boolean> {
    return this.#session.signOut()
  }

  /** See `Session.authGuard`. */
  authGuard(): Promise<boolean> {
    return this.#session.authGuard()
  }

  /** What the server knows of the user; undefined where it does not let this token in. */
  async userInfo(): Promise<PassageUserInfo | undefined> {
    const app = this.#app
    const trusted = configuration()
    if (!app || (trusted && issuerOf(trusted) !== issuerOf(app))) {
      if (this.#given) return undefined
      throw nobody()
    }
    const token = await this.getAuthToken()
    const auth = this.#given ? { getAuthToken: async () => token } : bindingOf(app).auth
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
