import { readClaims } from '@tokenkeep/core'
import { createAccount, type Account } from '@tokenkeep/elements'
import { callApi } from './api.ts'
import { appOf, issuerOf, type App } from './app.ts'
import { configuredApp } from './configuration.ts'
import { loginRequired, PassageError } from './errors.ts'
import { throwPasskeyFailure } from './passkey-failure.ts'
import { Session } from './session.ts'
import type { ReadOnlyTokenStore } from './token-store.ts'
import type { Metadata, PassageDevice, PassageUserInfo } from './user-info.ts'

/**
 * Passage's `User`: what the user who is signed in can see and change. All functions reject with a `PassageError`.
 *
 * @example
 * ```ts
 * import { User } from '@tokenkeep/passage'
 *
 * const user = new User('shop')
 * for (const { friendly_name } of await user.listDevices()) console.log(friendly_name)
 * ```
 */
export class User {
  readonly #session: Session

  /** `tokenStore`: where the tokens are kept. Default: the storage of this browser. */
  constructor(appID: string, tokenStore?: ReadOnlyTokenStore) {
    this.#session = new Session(appID, tokenStore)
  }

  /** Resolves to the user, or to undefined if the server does not accept the token. */
  async userInfo(): Promise<PassageUserInfo | undefined> {
    const { token, app } = await this.#access()
    try {
      return (await callApi<{ user: PassageUserInfo }>(app, 'GET', '/currentuser', { token })).user
    } catch (error) {
      if (error instanceof PassageError && error.code === undefined) return undefined
      throw new PassageError(404, 'Not Found', 'Failed to fetch current user.', { cause: error })
    }
  }

  /** Rejects with 403: the server cannot verify an address. Let your backend change the identifier. */
  async changeEmail(newEmail: string, language?: string): Promise<{ id: string }> {
    const body = { new_email: newEmail, language }
    return (await this.#call<{ magic_link: { id: string } }>('PATCH', '/email', body)).magic_link
  }

  /** Rejects with 403: the server cannot verify a number. Let your backend change the identifier. */
  async changePhone(newPhone: string, language?: string): Promise<{ id: string }> {
    const body = { new_phone: newPhone, language }
    return (await this.#call<{ magic_link: { id: string } }>('PATCH', '/phone', body)).magic_link
  }

  /** Resolves to the passkeys of the user. */
  async listDevices(): Promise<PassageDevice[]> {
    return (await this.#call<{ devices: PassageDevice[] }>('GET', '/devices')).devices
  }

  /** Names a passkey, and resolves to it. */
  async editDevice(deviceID: string, change: { friendly_name: string }): Promise<PassageDevice> {
    return (
      await this.#call<{ device: PassageDevice }>('PATCH', `/devices/${encodeURIComponent(deviceID)}`, change)
    ).device
  }

  /** Adds a passkey of this device, and resolves to it. */
  async addDevice(): Promise<PassageDevice> {
    const { passkeys } = await this.#account()
    const { id: added } = await passkeys.add().catch(throwPasskeyFailure)
    return (await this.listDevices()).find(({ id }) => id === added)!
  }

  /** Removes a passkey, and resolves to true. Rejects with 409 if it is the only one. */
  async deleteDevice(device: string | PassageDevice): Promise<boolean> {
    const { passkeys } = await this.#account()
    await passkeys.remove(typeof device === 'string' ? device : device.id).catch(throwPasskeyFailure)
    return true
  }

  /** Resolves to the metadata of the user. */
  async getMetadata(): Promise<Metadata> {
    return (await this.#call<{ user_metadata: Metadata }>('GET', '/user-metadata')).user_metadata
  }

  /** Changes fields that the app lets users change (`user_metadata_schema`), and resolves to the user. */
  async updateMetadata(metadata: Metadata): Promise<PassageUserInfo> {
    const body = { user_metadata: metadata }
    return (await this.#call<{ user: PassageUserInfo }>('PATCH', '/user-metadata', body)).user
  }

  async #account(): Promise<Account> {
    const { app } = await this.#access()
    const manager = { getAuthToken: () => this.#session.getAuthToken() }
    return createAccount({ server: app.url, appId: app.appId, manager })
  }

  async #call<Reply>(method: string, path: string, body?: object): Promise<Reply> {
    const { token, app } = await this.#access()
    return callApi<Reply>(app, method, `/currentuser${path}`, { token, ...(body && { body }) })
  }

  /** The token, and the app that it is sent to. After `configurePassage`, no other app gets it. */
  async #access(): Promise<{ readonly token: string; readonly app: App }> {
    const token = await this.#session.getAuthToken()
    const app = appOf(readClaims(token)?.iss)
    const trusted = configuredApp()
    if (!app || (trusted && issuerOf(trusted) !== issuerOf(app))) throw loginRequired()
    return { token, app }
  }
}
