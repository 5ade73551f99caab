import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { hashSecret } from '../tokens/api-keys.ts'
import { ApiError } from '../errors.ts'
import { newId, parseId, formatId } from '../store/ids.ts'
import type { App } from '../store/apps.ts'
import type { Handshake } from '../store/passkeys.ts'
import type { Store } from '../store/store.ts'

/** How long a ceremony can take: five minutes. */
const CEREMONY_TIMEOUT_MS = 300_000

const passkeyRejected = (): ApiError =>
  new ApiError('webauthn_login_failed', 'the passkey was not accepted: start again')
/** The origins that the app's pages can have. */
export const allowedOrigins = (app: App): string[] => [app.auth_origin, ...app.additional_auth_origins]
const rpId = (app: App): string => new URL(app.auth_origin).hostname

async function saveHandshake(
  store: Store,
  app: App,
  purpose: Handshake['purpose'],
  userId: Buffer | null,
  challenge: string,
  now: number,
  invitation: Buffer | null = null,
): Promise<string> {
  const id = newId()
  await store.passkeys.addHandshake({
    id,
    app_id: app.id,
    purpose,
    user_id: userId,
    challenge,
    invitation,
    expires_at: now + CEREMONY_TIMEOUT_MS,
  })
  return formatId(id)
}

/** Takes a handshake out of the store, so that it can be finished once. It is valid for its own app and purpose only. */
async function takeHandshake(
  store: Store,
  app: App,
  purpose: Handshake['purpose'],
  text: string,
  now: number,
): Promise<Handshake> {
  const id = parseId(text)
  const handshake = id && (await store.passkeys.takeHandshake(id, now))
  if (!handshake || handshake.app_id !== app.id || handshake.purpose !== purpose) throw passkeyRejected()
  return handshake
}

export async function startSignUp(
  store: Store,
  app: App,
  identifier: string,
  invitation: string | undefined,
  now: number,
) {
  const invitationHash = invitation === undefined ? null : hashSecret(invitation)
  if (
    !app.public_signup &&
    !(invitationHash && (await store.invitations.isValid(app.id, invitationHash, now)))
  )
    throw new ApiError('operation_not_allowed', 'this app needs a valid invitation: ask an administrator')
  await store.users.add(app.id, newId(), { identifier, status: 'pending' }, 'user', now)
  const user = (await store.users.findByIdentifier(app.id, identifier))!
  // An existing user must sign in before a passkey is added.
  if (user.status !== 'pending') throw new ApiError('conflict', 'this user exists already: sign in')
  const publicKey = await generateRegistrationOptions({
    rpName: app.name,
    rpID: rpId(app),
    userName: identifier,
    userID: new Uint8Array(user.id),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  const id = await saveHandshake(store, app, 'register', user.id, publicKey.challenge, now, invitationHash)
  return { handshake: { id, challenge: { publicKey } }, user: { id: formatId(user.id) } }
}

/** Verifies the new passkey and returns the id of its user. */
export async function finishSignUp(
  store: Store,
  app: App,
  handshakeId: string,
  response: unknown,
  expectedUserId: string | undefined,
  now: number,
): Promise<Buffer> {
  const {
    challenge,
    user_id: userId,
    invitation,
  } = await takeHandshake(store, app, 'register', handshakeId, now)
  if (expectedUserId !== undefined && (!userId || expectedUserId !== formatId(userId)))
    throw passkeyRejected()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: allowedOrigins(app),
    expectedRPID: rpId(app),
    requireUserVerification: false,
  }).catch(() => ({ verified: false, registrationInfo: undefined }) as const)
  if (!verified || !registrationInfo || !userId) throw passkeyRejected()
  const { id, publicKey, counter } = registrationInfo.credential
  if (!app.public_signup && !(invitation && (await store.invitations.redeem(app.id, invitation, now))))
    throw new ApiError('operation_not_allowed', 'this invitation has been used: ask for another one')
  // The first finish activates the user, in one transaction. A later one must not add a passkey to that user.
  if (!(await store.passkeys.addFirst(app.id, { id, user_id: userId, public_key: publicKey, counter }, now)))
    throw new ApiError('conflict', 'this user exists already: sign in')
  return userId
}

export async function startSignIn(store: Store, app: App, identifier: string | undefined, now: number) {
  const user = identifier === undefined ? undefined : await store.users.findByIdentifier(app.id, identifier)
  if (identifier !== undefined && !user)
    throw new ApiError('user_not_found', 'there is no such user: check the identifier')
  const passkeys = user ? await store.passkeys.list(app.id, user.id) : []
  if (user && !passkeys.length)
    throw new ApiError('user_has_no_passkeys', 'this user has no passkey: sign up with one')
  const publicKey = await generateAuthenticationOptions({
    rpID: rpId(app),
    allowCredentials: passkeys.map(({ id }) => ({ id })),
    userVerification: 'preferred',
  })
  const id = await saveHandshake(store, app, 'login', user?.id ?? null, publicKey.challenge, now)
  return { handshake: { id, challenge: { publicKey } }, ...(user && { user: { id: formatId(user.id) } }) }
}

/** Verifies the passkey and returns the id of its user. */
export async function finishSignIn(
  store: Store,
  app: App,
  handshakeId: string,
  response: { id: string },
  now: number,
): Promise<Buffer> {
  const { challenge, user_id: userId } = await takeHandshake(store, app, 'login', handshakeId, now)
  const passkey = await store.passkeys.find(app.id, response.id)
  if (!passkey || (userId && !userId.equals(passkey.user_id))) throw passkeyRejected()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: allowedOrigins(app),
    expectedRPID: rpId(app),
    requireUserVerification: false,
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter },
  }).catch(() => ({ verified: false, authenticationInfo: undefined }) as const)
  if (!verified || !authenticationInfo) throw passkeyRejected()
  await store.passkeys.recordUse(app.id, passkey.user_id, passkey.id, authenticationInfo.newCounter, now)
  return passkey.user_id
}
