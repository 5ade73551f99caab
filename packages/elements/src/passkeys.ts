import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser'
import type { AuthResult } from '@tokenkeep/protocol'
import {
  createPasskey,
  offerPasskey,
  usePasskey,
  type CeremonyOptions,
  type AuthenticationOptions,
  type RegistrationOptions,
} from './ceremonies.ts'
import { appUrl, type PasskeysOptions } from './address.ts'
import { ceremony } from './ceremony.ts'
import { post } from './http.ts'
import { PasskeyError } from './passkey-error.ts'
import {
  authenticateAgain,
  type ReauthenticatedManager,
  type ReauthenticateOptions,
} from './reauthenticate.ts'

interface Started<Options> {
  readonly handshake: { readonly id: string; readonly challenge: { readonly publicKey: Options } }
  readonly user?: { readonly id: string }
}
interface Finished {
  readonly auth_result: AuthResult
}

export interface SignUpOptions extends CeremonyOptions {
  /** The invitation, if the app has no public sign-up. */
  readonly invitation?: string | undefined
}
export interface AutofillOptions extends CeremonyOptions {
  /**
   * Called after the user chose a passkey, before it is sent. If it returns or resolves to false, the call rejects with
   * `cancelled`.
   */
  readonly beforeFinish?: () => boolean | Promise<boolean>
}

/** Signs users in and up with passkeys. Pass the result of each function to a token manager's `signIn()`. */
export interface Passkeys {
  /**
   * Creates a user with a first passkey. With an invitation for a known user it needs no identifier: the new passkey replaces
   * all passkeys of that user, and ends the user's other sessions.
   *
   * @throws PasskeyError if the sign-up fails
   */
  signUp(identifier: string | undefined, options?: SignUpOptions): Promise<AuthResult>
  /**
   * Lets the user who is signed in authenticate again with one of their passkeys, in the same session (RFC 9470). Resolves once
   * the manager `auth` has an auth token that says so. If it fails, the session goes on.
   *
   * @throws PasskeyError if it fails; `no-passkey` if the user has none; `failed` if the app has no refresh tokens
   */
  reauthenticate(auth: ReauthenticatedManager, options?: ReauthenticateOptions): Promise<void>
  /**
   * Signs a user in. Without an identifier, the user chooses among this device's passkeys for the app.
   *
   * @throws PasskeyError if the sign-in fails
   */
  signIn(identifier?: string, options?: CeremonyOptions): Promise<AuthResult>
  /**
   * Offers passkeys in the autofill of an input with `autocomplete="username webauthn"`, and waits until the user chooses
   * one (conditional UI, WebAuthn Level 3). Any later ceremony of the page ends it with `cancelled`. It rejects with
   * `cancelled` while the prompt of another ceremony is open. The server accepts the chosen passkey
   * for one day, so call `autofill` again before that time has passed.
   *
   * @throws PasskeyError if the sign-in fails
   */
  autofill(options?: AutofillOptions): Promise<AuthResult>
}

/**
 * Tells whether the browser supports passkeys.
 *
 * @example
 * ```ts
 * import { supportsPasskeys } from '@tokenkeep/elements'
 *
 * if (!supportsPasskeys()) console.log('Please update your browser.')
 * ```
 */
export const supportsPasskeys = (): boolean => browserSupportsWebAuthn()

/**
 * Resolves to whether the browser can offer passkeys in the autofill of an input.
 *
 * @example
 * ```ts
 * import { supportsAutofill } from '@tokenkeep/elements'
 *
 * if (await supportsAutofill()) console.log('Choose a passkey in the input.')
 * ```
 */
export const supportsAutofill = (): Promise<boolean> => browserSupportsWebAuthnAutofill()

/**
 * Creates the functions that sign users in and up with passkeys, for a page with its own form.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { createPasskeys } from '@tokenkeep/elements'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport })
 * const passkeys = createPasskeys({ server: 'https://auth.example.com', appId: 'shop' })
 * await auth.signIn(await passkeys.signIn('ada@example.com'))
 * ```
 */
export function createPasskeys({ server, appId, storage }: PasskeysOptions): Passkeys {
  const base = appUrl({ server, appId })
  const finish = async (path: string, body: object, signal?: AbortSignal): Promise<AuthResult> =>
    (await post<Finished>(`${base}${path}/webauthn/finish`, body, { signal, cookie: storage === 'cookie' }))
      .auth_result

  const authenticate = (identifier: string | undefined, conditional: boolean, options: AutofillOptions) =>
    ceremony('get', options.signal, async () => {
      const { signal, beforeFinish } = options
      const body = identifier === undefined ? {} : { identifier }
      const { handshake } = await post<Started<AuthenticationOptions>>(`${base}login/webauthn/start`, body, {
        signal,
      })
      if (signal?.aborted) throw new PasskeyError('cancelled')
      const choose = conditional ? offerPasskey : usePasskey
      const response = await choose(handshake.challenge.publicKey, signal)
      if (beforeFinish && !(await beforeFinish())) throw new PasskeyError('cancelled')
      return finish('login', { handshake_id: handshake.id, handshake_response: response }, signal)
    })

  return {
    signUp: (identifier, { signal, invitation } = {}) =>
      ceremony('create', signal, async () => {
        const { handshake, user } = await post<Started<RegistrationOptions>>(
          `${base}register/webauthn/start`,
          {
            ...(identifier !== undefined && { identifier }),
            ...(invitation !== undefined && { invitation }),
          },
          { signal },
        )
        if (signal?.aborted) throw new PasskeyError('cancelled')
        const response = await createPasskey(handshake.challenge.publicKey, signal)
        const body = { handshake_id: handshake.id, handshake_response: response, user_id: user?.id }
        return finish('register', body, signal)
      }),
    reauthenticate: (auth, options = {}) =>
      ceremony('get', options.signal, () => authenticateAgain(base, auth, options)),
    signIn: (identifier, options = {}) => authenticate(identifier, false, options),
    autofill: (options = {}) => authenticate(undefined, true, options),
  }
}
