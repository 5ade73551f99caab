import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import type { AuthResult } from '@tokenkeep/protocol'
import { post } from './http.ts'
import { asPasskeyError, PasskeyError } from './passkey-error.ts'

type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']
type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']

interface Started<Options> {
  readonly handshake: { readonly id: string; readonly challenge: { readonly publicKey: Options } }
  readonly user?: { readonly id: string }
}
interface Finished {
  readonly auth_result: AuthResult
}

export interface PasskeysOptions {
  /** The session server's address, such as `https://auth.example.com`. */
  readonly server: string
  readonly appId: string
}

export interface CeremonyOptions {
  /** Ends the ceremony, prompt and all: `cancelled`. */
  readonly signal?: AbortSignal
}
export interface SignUpOptions extends CeremonyOptions {
  /** For an app without public sign-up. */
  readonly invitation?: string | undefined
}
export interface AutofillOptions extends CeremonyOptions {
  /** Asked once the person has chosen a passkey; false leaves it at that (`cancelled`). */
  readonly beforeFinish?: () => boolean | Promise<boolean>
}

/** The ways in. Each resolves with what a token manager's `signIn()` takes, or rejects with a `PasskeyError`. */
export interface Passkeys {
  /** Creates a user with a first passkey. */
  signUp(identifier: string, options?: SignUpOptions): Promise<AuthResult>
  /** Without an identifier, the person chooses among the passkeys this device holds for the app. */
  signIn(identifier?: string, options?: CeremonyOptions): Promise<AuthResult>
  /**
   * Offers passkeys in the autofill of an input with `autocomplete="username webauthn"`, and waits until one is chosen
   * (conditional UI). Any other ceremony takes its place. The server forgets a challenge after five minutes: start again before.
   */
  autofill(options?: AutofillOptions): Promise<AuthResult>
}

/** True where the browser has passkeys at all. */
export const supportsPasskeys = (): boolean => browserSupportsWebAuthn()
/** True where the browser offers passkeys in an input's autofill. */
export const supportsAutofill = (): Promise<boolean> => browserSupportsWebAuthnAutofill()

/** Runs a ceremony; the signal closes the browser's prompt too. */
async function ceremony<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  if (!supportsPasskeys()) throw new PasskeyError('unsupported')
  if (signal?.aborted) throw new PasskeyError('cancelled', { cause: signal.reason })
  const stop = (): void => WebAuthnAbortService.cancelCeremony()
  signal?.addEventListener('abort', stop)
  try {
    return await run()
  } catch (error) {
    throw asPasskeyError(error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

export function createPasskeys({ server, appId }: PasskeysOptions): Passkeys {
  const base = new URL(`v1/apps/${encodeURIComponent(appId)}/`, server.replace(/\/?$/, '/')).href
  const finish = async (way: string, body: object, signal?: AbortSignal): Promise<AuthResult> =>
    (await post<Finished>(`${base}${way}/webauthn/finish`, body, signal)).auth_result

  const authenticate = (identifier: string | undefined, conditional: boolean, options: AutofillOptions) =>
    ceremony(options.signal, async () => {
      const { signal, beforeFinish } = options
      const asked = identifier === undefined ? {} : { identifier }
      const { handshake } = await post<Started<AuthenticationOptions>>(
        `${base}login/webauthn/start`,
        asked,
        signal,
      )
      if (signal?.aborted) throw new PasskeyError('cancelled')
      const response = await startAuthentication({
        optionsJSON: handshake.challenge.publicKey,
        useBrowserAutofill: conditional,
        // The input may be in a shadow root, where the library does not look for it.
        verifyBrowserAutofillInput: false,
      })
      if (beforeFinish && !(await beforeFinish())) throw new PasskeyError('cancelled')
      return finish('login', { handshake_id: handshake.id, handshake_response: response }, signal)
    })

  return {
    signUp: (identifier, { signal, invitation } = {}) =>
      ceremony(signal, async () => {
        const { handshake, user } = await post<Started<RegistrationOptions>>(
          `${base}register/webauthn/start`,
          { identifier, ...(invitation !== undefined && { invitation }) },
          signal,
        )
        if (signal?.aborted) throw new PasskeyError('cancelled')
        const response = await startRegistration({ optionsJSON: handshake.challenge.publicKey })
        const proof = { handshake_id: handshake.id, handshake_response: response, user_id: user?.id }
        return finish('register', proof, signal)
      }),
    signIn: (identifier, options = {}) => authenticate(identifier, false, options),
    autofill: (options = {}) => authenticate(undefined, true, options),
  }
}
