import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { SignUpRequest } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import type { App } from '../store/apps.ts'
import { formatId, newId, parseId } from '../store/ids.ts'
import type { NewPasskey } from '../store/passkeys.ts'
import { signHandshake, verifyHandshake, type Handshake } from '../tokens/handshake.ts'
import type { SessionContext } from './token-response.ts'

/** What a ceremony needs. `now` is in milliseconds since the epoch. */
export type CeremonyContext = Pick<SessionContext, 'store' | 'keys' | 'app' | 'now' | 'by'>

/** How long a ceremony of a user can take: five minutes. */
const CEREMONY_TIMEOUT_MS = 300_000
/**
 * How long a passkey can be chosen if the ceremony names no user: one day. A page begins such a ceremony when it opens and offers
 * its passkeys in the autofill for as long as it is open. Passage's element asks for no second challenge.
 */
const OFFER_TIMEOUT_MS = 86_400_000

export const passkeyRejected = (): ApiError =>
  new ApiError('webauthn_login_failed', 'the passkey was not accepted: start again')

/** The origins that the app's pages can have. */
export const allowedOrigins = (app: App): string[] => [app.auth_origin, ...app.additional_auth_origins]
export const rpId = (app: App): string => new URL(app.auth_origin).hostname

/** Begins a ceremony: returns the options for the browser and the signed handshake. */
export const beginCeremony = <Options extends { readonly challenge: string }>(
  { keys, app, now }: CeremonyContext,
  publicKey: Options,
  about: Omit<Handshake, 'id' | 'challenge' | 'expiresAt'>,
) => {
  const { challenge } = publicKey
  const expiresAt = now + (about.user === undefined ? OFFER_TIMEOUT_MS : CEREMONY_TIMEOUT_MS)
  const handshake = { ...about, id: formatId(newId()), challenge, expiresAt }
  return { handshake: { id: signHandshake(keys, app.id, handshake), challenge: { publicKey } } }
}

/** Reads the handshake of a ceremony. Throws {@link ApiError} `webauthn_login_failed` if it is not valid. */
export function readHandshake(
  { keys, app, now }: CeremonyContext,
  purpose: Handshake['purpose'],
  text: string,
): Handshake {
  const handshake = verifyHandshake(keys, app.id, purpose, text, now)
  if (!handshake) throw passkeyRejected()
  return handshake
}

/** Uses a handshake up, once its passkey is verified. Throws {@link ApiError} `webauthn_login_failed` the second time. */
export async function useUp({ store }: CeremonyContext, { id, expiresAt }: Handshake): Promise<void> {
  if (!(await store.passkeys.useHandshake(parseId(id)!, expiresAt))) throw passkeyRejected()
}

interface CreationOptions {
  /** The ids of the passkeys that the user has. The browser refuses an authenticator that has one of them. */
  readonly known?: readonly string[]
  /** Which authenticators may make the passkey. Default: any. */
  readonly attachment?: SignUpRequest['authenticator_attachment']
}

/** Returns the options with which a browser creates a passkey of the user. */
export const creationOptions = (
  app: App,
  userId: Buffer,
  userName: string,
  { known = [], attachment = 'any' }: CreationOptions,
) =>
  generateRegistrationOptions({
    rpName: app.name,
    rpID: rpId(app),
    userName,
    userID: new Uint8Array(userId),
    attestationType: 'none',
    excludeCredentials: known.map((id) => ({ id })),
    authenticatorSelection: {
      residentKey: 'preferred',
      userVerification: app.user_verification,
      ...(attachment !== 'any' && { authenticatorAttachment: attachment }),
    },
  })

/**
 * Refuses a passkey that can be copied to other devices, if the app takes only those of one device. The authenticator says
 * this by WebAuthn's flag `BE`. Nothing attests it.
 */
export function requireKind(app: App, kind: 'singleDevice' | 'multiDevice'): void {
  if (app.passkeys === 'device-bound' && kind !== 'singleDevice')
    throw new ApiError('webauthn_login_failed', 'this app takes only passkeys that stay on one device')
}

/** Verifies a new passkey of the handshake's user. Throws {@link ApiError} `webauthn_login_failed`. */
export async function verifyCreation(
  app: App,
  { challenge, user }: Handshake,
  response: unknown,
): Promise<NewPasskey> {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: allowedOrigins(app),
    expectedRPID: rpId(app),
    requireUserVerification: app.user_verification === 'required',
  }).catch(() => ({ verified: false, registrationInfo: undefined }) as const)
  if (!verified || !registrationInfo) throw passkeyRejected()
  requireKind(app, registrationInfo.credentialDeviceType)
  const { id, publicKey, counter } = registrationInfo.credential
  return { id, user_id: parseId(user!)!, public_key: publicKey, counter }
}
