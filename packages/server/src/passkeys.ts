import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { HttpError } from './http-error.ts'
import { newId, parseId, showId } from './ids.ts'
import type { App, Handshake, Store } from './store.ts'

/** Milliseconds a ceremony may take. */
const patience = 300_000

const failed = (): HttpError => new HttpError(401, 'webauthn_login_failed', 'the passkey was not accepted')
const rpId = (app: App): string => new URL(app.auth_origin).hostname

function remember(
  store: Store,
  app: App,
  purpose: Handshake['purpose'],
  userId: Buffer | null,
  challenge: string,
  now: number,
): string {
  const id = newId()
  store.addHandshake({ id, app_id: app.id, purpose, user_id: userId, challenge, expires_at: now + patience })
  return showId(id)
}

/** A handshake is good for one finish, of the same app and purpose. */
function recall(store: Store, app: App, purpose: Handshake['purpose'], text: string, now: number): Handshake {
  const id = parseId(text)
  const handshake = id && store.takeHandshake(id, now)
  if (!handshake || handshake.app_id !== app.id || handshake.purpose !== purpose) throw failed()
  return handshake
}

export async function startSignUp(store: Store, app: App, identifier: string, now: number) {
  store.addUser(app.id, newId(), identifier, 'pending', now)
  const user = store.userByIdentifier(app.id, identifier)!
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
  const id = remember(store, app, 'register', user.id, publicKey.challenge, now)
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
  const { challenge, user_id: userId } = recall(store, app, 'register', handshakeId, now)
  if (namedUser !== undefined && (!userId || namedUser !== showId(userId))) throw failed()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: app.auth_origin,
    expectedRPID: rpId(app),
    requireUserVerification: false,
  }).catch(() => ({ verified: false, registrationInfo: undefined }) as const)
  if (!verified || !registrationInfo || !userId) throw failed()
  const { id, publicKey, counter } = registrationInfo.credential
  // The first finish wins, in one transaction: a later one began before there was a user to prove.
  if (!store.addFirstPasskey(app.id, { id, user_id: userId, public_key: publicKey, counter }, now))
    throw new HttpError(409, 'conflict', 'this user exists already')
  return userId
}

export async function startSignIn(store: Store, app: App, identifier: string | undefined, now: number) {
  const user = identifier === undefined ? undefined : store.userByIdentifier(app.id, identifier)
  if (identifier !== undefined && !user) throw new HttpError(404, 'user_not_found', 'no such user')
  const passkeys = user ? store.passkeys(app.id, user.id) : []
  if (user && !passkeys.length) throw new HttpError(409, 'user_has_no_passkeys', 'this user has no passkey')
  const publicKey = await generateAuthenticationOptions({
    rpID: rpId(app),
    allowCredentials: passkeys.map(({ id }) => ({ id })),
    userVerification: 'preferred',
  })
  const id = remember(store, app, 'login', user?.id ?? null, publicKey.challenge, now)
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
  const { challenge, user_id: userId } = recall(store, app, 'login', handshakeId, now)
  const passkey = store.passkey(app.id, response.id)
  if (!passkey || (userId && !userId.equals(passkey.user_id))) throw failed()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: app.auth_origin,
    expectedRPID: rpId(app),
    requireUserVerification: false,
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter },
  }).catch(() => ({ verified: false, authenticationInfo: undefined }) as const)
  if (!verified || !authenticationInfo) throw failed()
  store.usePasskey(passkey.id, authenticationInfo.newCounter)
  return passkey.user_id
}
