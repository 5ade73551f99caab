import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { secretHash } from '../tokens/api-keys.ts'
import { HttpError } from '../errors.ts'
import { newId, parseId, showId } from '../store/ids.ts'
import type { App } from '../store/apps.ts'
import type { Handshake } from '../store/passkeys.ts'
import type { Store } from '../store/store.ts'

/** Milliseconds a ceremony may take. */
const patience = 300_000

const failed = (): HttpError => new HttpError(401, 'webauthn_login_failed', 'the passkey was not accepted')
/** Where an app's pages may be. */
export const originsOf = (app: App): string[] => [app.auth_origin, ...app.additional_auth_origins]
const rpId = (app: App): string => new URL(app.auth_origin).hostname

async function remember(
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
    expires_at: now + patience,
  })
  return showId(id)
}

/** A handshake is good for one finish, of the same app and purpose. */
async function recall(
  store: Store,
  app: App,
  purpose: Handshake['purpose'],
  text: string,
  now: number,
): Promise<Handshake> {
  const id = parseId(text)
  const handshake = id && (await store.passkeys.takeHandshake(id, now))
  if (!handshake || handshake.app_id !== app.id || handshake.purpose !== purpose) throw failed()
  return handshake
}

export async function startSignUp(
  store: Store,
  app: App,
  identifier: string,
  invitation: string | undefined,
  now: number,
) {
  const invited = invitation === undefined ? null : secretHash(invitation)
  if (!app.public_signup && !(invited && (await store.invitations.isGood(app.id, invited, now))))
    throw new HttpError(403, 'operation_not_allowed', 'this app needs a valid invitation')
  await store.users.add(app.id, newId(), { identifier, status: 'pending' }, 'user', now)
  const user = (await store.users.findByIdentifier(app.id, identifier))!
  // Whoever exists already must prove who they are before a passkey is added.
  if (user.status !== 'pending') throw new HttpError(409, 'conflict', 'this user exists already')
  const publicKey = await generateRegistrationOptions({
    rpName: app.name,
    rpID: rpId(app),
    userName: identifier,
    userID: new Uint8Array(user.id),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  const id = await remember(store, app, 'register', user.id, publicKey.challenge, now, invited)
  return { handshake: { id, challenge: { publicKey } }, user: { id: showId(user.id) } }
}

/** Returns the user who has just proven to hold the new passkey. */
export async function finishSignUp(
  store: Store,
  app: App,
  handshakeId: string,
  response: unknown,
  namedUser: string | undefined,
  now: number,
): Promise<Buffer> {
  const { challenge, user_id: userId, invitation } = await recall(store, app, 'register', handshakeId, now)
  if (namedUser !== undefined && (!userId || namedUser !== showId(userId))) throw failed()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: originsOf(app),
    expectedRPID: rpId(app),
    requireUserVerification: false,
  }).catch(() => ({ verified: false, registrationInfo: undefined }) as const)
  if (!verified || !registrationInfo || !userId) throw failed()
  const { id, publicKey, counter } = registrationInfo.credential
  if (!app.public_signup && !(invitation && (await store.invitations.take(app.id, invitation, now))))
    throw new HttpError(403, 'operation_not_allowed', 'this invitation has been used')
  // The first finish wins, in one transaction: a later one began before there was a user to prove.
  if (!(await store.passkeys.addFirst(app.id, { id, user_id: userId, public_key: publicKey, counter }, now)))
    throw new HttpError(409, 'conflict', 'this user exists already')
  return userId
}

export async function startSignIn(store: Store, app: App, identifier: string | undefined, now: number) {
  const user = identifier === undefined ? undefined : await store.users.findByIdentifier(app.id, identifier)
  if (identifier !== undefined && !user) throw new HttpError(404, 'user_not_found', 'no such user')
  const passkeys = user ? await store.passkeys.list(app.id, user.id) : []
  if (user && !passkeys.length) throw new HttpError(409, 'user_has_no_passkeys', 'this user has no passkey')
  const publicKey = await generateAuthenticationOptions({
    rpID: rpId(app),
    allowCredentials: passkeys.map(({ id }) => ({ id })),
    userVerification: 'preferred',
  })
  const id = await remember(store, app, 'login', user?.id ?? null, publicKey.challenge, now)
  return { handshake: { id, challenge: { publicKey } }, ...(user && { user: { id: showId(user.id) } }) }
}

/** Returns the user who has just proven to hold the passkey. */
export async function finishSignIn(
  store: Store,
  app: App,
  handshakeId: string,
  response: { id: string },
  now: number,
): Promise<Buffer> {
  const { challenge, user_id: userId } = await recall(store, app, 'login', handshakeId, now)
  const passkey = await store.passkeys.find(app.id, response.id)
  if (!passkey || (userId && !userId.equals(passkey.user_id))) throw failed()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: originsOf(app),
    expectedRPID: rpId(app),
    requireUserVerification: false,
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter },
  }).catch(() => ({ verified: false, authenticationInfo: undefined }) as const)
  if (!verified || !authenticationInfo) throw failed()
  await store.passkeys.use(app.id, passkey.user_id, passkey.id, authenticationInfo.newCounter, now)
  return passkey.user_id
}
