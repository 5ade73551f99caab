import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  type AuthenticationResponseJSON,
} from '@simplewebauthn/server'
import { ApiError } from '../errors.ts'
import { formatId } from '../store/ids.ts'
import {
  allowedOrigins,
  beginCeremony,
  passkeyRejected,
  readHandshake,
  requireKind,
  rpId,
  useUp,
  type CeremonyContext,
} from './ceremony.ts'
import { toKnownUser } from './known-user.ts'
import { mayLearnNames, standIn } from './stand-in.ts'

/** The id of the user with this identifier, and their passkeys. A name that nobody has gets a stand-in, or an error. */
async function findPasskeys(context: CeremonyContext, identifier: string) {
  const { store, keys, app } = context
  const user = await store.users.findByIdentifier(app.id, identifier)
  if (!user && mayLearnNames(app))
    throw new ApiError('user_not_found', 'there is no such user: check the identifier')
  const { userId, credentialId } = standIn(keys, app, identifier)
  const id = user?.id ?? userId
  const passkeys = (await store.passkeys.list(app.id, id)).map((passkey) => passkey.id)
  if (!passkeys.length && mayLearnNames(app))
    throw new ApiError('user_has_no_passkeys', 'this user has no passkey: sign up with one')
  return { id, passkeys: passkeys.length ? passkeys : [credentialId] }
}

/** Starts a sign-in with a passkey. Without an identifier, any passkey of the app can sign in. */
export async function startSignIn(context: CeremonyContext, identifier: string | undefined) {
  const { app } = context
  const found = identifier === undefined ? undefined : await findPasskeys(context, identifier)
  const publicKey = await generateAuthenticationOptions({
    rpID: rpId(app),
    allowCredentials: (found?.passkeys ?? []).map((id) => ({ id })),
    userVerification: app.user_verification,
  })
  return {
    ...beginCeremony(context, publicKey, { purpose: 'sign-in', user: found && formatId(found.id) }),
    ...(found && { user: toKnownUser(found.id, identifier!, 'active', true) }),
  }
}

/** Verifies the passkey and returns the id of its user. */
export async function finishSignIn(
  context: CeremonyContext,
  handshakeId: string,
  response: { id: string },
): Promise<Buffer> {
  const { store, app, now } = context
  const handshake = readHandshake(context, 'sign-in', handshakeId)
  const passkey = await store.passkeys.find(app.id, response.id)
  if (!passkey || (handshake.user && handshake.user !== formatId(passkey.user_id))) throw passkeyRejected()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: handshake.challenge,
    expectedOrigin: allowedOrigins(app),
    expectedRPID: rpId(app),
    requireUserVerification: app.user_verification === 'required',
    // The counter is compared below: the library also compares those of copies.
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.public_key), counter: 0 },
  }).catch(() => ({ verified: false, authenticationInfo: undefined }) as const)
  if (!verified || !authenticationInfo) throw passkeyRejected()
  const { credentialDeviceType: kind, newCounter } = authenticationInfo
  requireKind(app, kind)
  await useUp(context, handshake)
  const { user_id, id } = passkey
  // The copies of a synchronized passkey count separately, so a lower counter is no sign of theft (WebAuthn section 6.1.1).
  const counter = kind === 'singleDevice' ? newCounter : undefined
  if (!(await store.passkeys.recordUse(app.id, user_id, id, counter, now))) throw passkeyRejected()
  return user_id
}
