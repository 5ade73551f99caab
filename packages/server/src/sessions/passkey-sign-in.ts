import { generateAuthenticationOptions } from '@simplewebauthn/server'
import { ApiError } from '../errors.ts'
import { formatId } from '../store/ids.ts'
import type { Authentication } from '../store/session-row.ts'
import { verifyAssertion, type Assertion } from './assertion.ts'
import { beginCeremony, readHandshake, rpId, type CeremonyContext } from './ceremony.ts'
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

/** Verifies the passkey. Returns the id of its user, and what it proves. */
export async function finishSignIn(
  context: CeremonyContext,
  handshakeId: string,
  response: Assertion,
): Promise<{ userId: Buffer; authentication: Authentication }> {
  const handshake = readHandshake(context, 'sign-in', handshakeId)
  return verifyAssertion(context, handshake, response)
}
