import { createPasskeys, type Passkeys } from '@tokenkeep/elements'
import type { AuthResult } from '@tokenkeep/protocol'
import { callApi } from './api.ts'
import type { App } from './app.ts'
import { currentApp } from './current-app.ts'
import { PassageError } from './errors.ts'
import { PassageTokenStore } from './passage-token-store.ts'
import { throwPasskeyFailure } from './passkey-failure.ts'
import { Session } from './session.ts'
import { isWritable, type ReadOnlyTokenStore } from './token-store.ts'
import { User } from './user.ts'
import type { PassageKnownUser } from './user-info.ts'

/** `tokenStore`: where the tokens are kept. Default: the storage of this browser. */
export interface PassageConfig {
  readonly tokenStore?: ReadOnlyTokenStore
}

/**
 * Passage's `Passage`: the way to the session and the user of an app, and its sign-up and sign-in with passkeys. The address of
 * the server comes from `configurePassage`, or from the session that is in this browser.
 *
 * @example
 * ```ts
 * import { configurePassage, Passage } from '@tokenkeep/passage'
 *
 * configurePassage({ url: 'https://auth.example.com', appId: 'shop' })
 * const passage = new Passage('shop')
 * await passage.login('ada@example.com')
 * console.log(await passage.getCurrentUser().userInfo())
 * ```
 */
export class Passage {
  readonly #appId: string
  readonly #tokenStore: ReadOnlyTokenStore | undefined

  constructor(appID: string, config: PassageConfig = {}) {
    this.#appId = appID
    this.#tokenStore = config.tokenStore
  }

  getCurrentSession(): Session {
    return new Session(this.#appId, this.#tokenStore)
  }

  getCurrentUser(): User {
    return new User(this.#appId, this.#tokenStore)
  }

  /** Resolves to what the pages of the app may know of it. */
  async appInfo(): Promise<Readonly<Record<string, unknown>>> {
    return (await callApi<{ app: Record<string, unknown> }>(this.#app(), 'GET', '')).app
  }

  /**
   * Resolves to the user with this identifier, or to null if there is none. If the app tells strangers nothing, every name
   * gets a user.
   */
  async identifierExists(identifier: string): Promise<PassageKnownUser | null> {
    const path = `/users?identifier=${encodeURIComponent(identifier)}`
    const { user } = await callApi<{ user: PassageKnownUser | null }>(this.#app(), 'GET', path)
    return user && { ...user, hasPasskey: user.webauthn_types.includes('passkey') }
  }

  /** Signs a new user up with a passkey, and begins their session. */
  register(identifier: string): Promise<AuthResult> {
    return this.#begin((passkeys) => passkeys.signUp(identifier))
  }

  /** Signs a user in with a passkey, and begins their session. */
  login(identifier: string): Promise<AuthResult> {
    return this.#begin((passkeys) => passkeys.signIn(identifier))
  }

  /** Offers passkeys in the autofill of a form (`autocomplete="webauthn"`), and begins a session once one is chosen. */
  loginConditional(signal?: AbortSignal): Promise<AuthResult> {
    return this.#begin((passkeys) => passkeys.autofill(signal && { signal }))
  }

  async #begin(ceremony: (passkeys: Passkeys) => Promise<AuthResult>): Promise<AuthResult> {
    const { url, appId } = this.#app()
    const result = await ceremony(createPasskeys({ server: url, appId })).catch(throwPasskeyFailure)
    const store = this.#tokenStore ?? new PassageTokenStore()
    if (isWritable(store)) await store.setTokens(result)
    return result
  }

  #app(): App {
    const app = currentApp()
    if (!app)
      throw new PassageError(502, 'Misconfigured', 'Call configurePassage({ url, appId }) first.', {
        code: 'misconfigured',
      })
    return { ...app, appId: this.#appId }
  }
}
