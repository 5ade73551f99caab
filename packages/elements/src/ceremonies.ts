import {
  base64URLStringToBuffer,
  bufferToBase64URLString,
  startRegistration,
  WebAuthnAbortService,
  type startAuthentication,
} from '@simplewebauthn/browser'

export type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']
export type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']
type RegistrationResponse = Awaited<ReturnType<typeof startRegistration>>
type AuthenticationResponse = Awaited<ReturnType<typeof startAuthentication>>

export interface CeremonyOptions {
  /** Ends the ceremony and closes the browser's prompt. The call rejects with `cancelled`. */
  readonly signal?: AbortSignal | undefined
}

// A browser runs one ceremony per page. A prompt ends an offer, and an offer never ends a prompt.
/** The prompts that are open: more than one only until the older one has ended. */
const prompts = new Set<AbortController>()
let offer: AbortController | undefined

/** Runs a ceremony that the user has started. It first ends all running ceremonies of the page. */
async function prompt<T>(signal: AbortSignal | undefined, run: (own: AbortSignal) => Promise<T>): Promise<T> {
  offer?.abort()
  for (const older of prompts) older.abort()
  const own = new AbortController()
  const abort = (): void => own.abort()
  signal?.addEventListener('abort', abort)
  prompts.add(own)
  try {
    return await run(own.signal)
  } finally {
    prompts.delete(own)
    signal?.removeEventListener('abort', abort)
  }
}

/** Creates a passkey (WebAuthn section 5.1.3). @throws DOMException of the browser */
export const createPasskey = (
  optionsJSON: RegistrationOptions,
  signal?: AbortSignal,
): Promise<RegistrationResponse> =>
  prompt(signal, (own) => {
    // The library has one signal for all ceremonies of a page. Only registrations use it here, and only one runs.
    own.addEventListener('abort', () => WebAuthnAbortService.cancelCeremony())
    return startRegistration({ optionsJSON })
  })

/** Uses a passkey that the user chooses in a prompt (WebAuthn section 5.1.4). @throws DOMException of the browser */
export const usePasskey = (
  options: AuthenticationOptions,
  signal?: AbortSignal,
): Promise<AuthenticationResponse> => prompt(signal, (own) => getAssertion(options, own))

/**
 * Uses a passkey that the user chooses in the autofill. It replaces an earlier offer.
 *
 * @throws DOMException `AbortError` while a prompt is open, or when a prompt or another offer replaces this one
 */
export async function offerPasskey(
  options: AuthenticationOptions,
  signal?: AbortSignal,
): Promise<AuthenticationResponse> {
  if (prompts.size) throw new DOMException('Another ceremony is running.', 'AbortError')
  offer?.abort()
  const own = (offer = new AbortController())
  const abort = (): void => own.abort()
  signal?.addEventListener('abort', abort)
  try {
    return await getAssertion({ ...options, allowCredentials: [] }, own.signal, 'conditional')
  } finally {
    if (offer === own) offer = undefined
    signal?.removeEventListener('abort', abort)
  }
}

const toDescriptor = ({ id, ...rest }: { readonly id: string }) =>
  ({ ...rest, id: base64URLStringToBuffer(id) }) as unknown as PublicKeyCredentialDescriptor

async function getAssertion(
  { challenge, allowCredentials, ...options }: AuthenticationOptions,
  signal: AbortSignal,
  mediation?: 'conditional',
): Promise<AuthenticationResponse> {
  const found = await navigator.credentials.get({
    publicKey: {
      ...(options as Omit<PublicKeyCredentialRequestOptions, 'challenge'>),
      challenge: base64URLStringToBuffer(challenge),
      ...(allowCredentials && { allowCredentials: allowCredentials.map(toDescriptor) }),
    },
    signal,
    ...(mediation && { mediation }),
  })
  // Some password managers answer nothing if the user cancels.
  if (!found) throw new DOMException('The browser gave no passkey.', 'NotAllowedError')
  const credential = found as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    id: credential.id,
    rawId: bufferToBase64URLString(credential.rawId),
    type: 'public-key',
    clientExtensionResults:
      credential.getClientExtensionResults() as AuthenticationResponse['clientExtensionResults'],
    response: {
      authenticatorData: bufferToBase64URLString(response.authenticatorData),
      clientDataJSON: bufferToBase64URLString(response.clientDataJSON),
      signature: bufferToBase64URLString(response.signature),
      ...(response.userHandle && { userHandle: bufferToBase64URLString(response.userHandle) }),
    },
  }
}
