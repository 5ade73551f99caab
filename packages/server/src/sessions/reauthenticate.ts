import { generateAuthenticationOptions } from '@simplewebauthn/server'
import { ApiError } from '../errors.ts'
import { formatId } from '../store/ids.ts'
import { toAssurance } from '../tokens/assurance.ts'
import { verifyAssertion, type Assertion } from './assertion.ts'
import { beginCeremony, passkeyRejected, readHandshake, rpId, type CeremonyContext } from './ceremony.ts'

/** The user of a request, and their session. */
interface SignedIn {
  readonly user: { readonly id: Buffer }
  readonly sessionId: Buffer
}

/** Starts to authenticate a signed-in user again, with one of their passkeys (RFC 9470 section 5). */
export async function startReauthentication(context: CeremonyContext, { user, sessionId }: SignedIn) {
  const { store, app } = context
  if (!app.refresh_enabled)
    throw new ApiError('operation_not_allowed', 'this app has no refresh tokens: sign the user in again')
  const passkeys = await store.passkeys.list(app.id, user.id)
  if (!passkeys.length)
    throw new ApiError('user_has_no_passkeys', 'this user has no passkey: sign the user in again')
  const publicKey = await generateAuthenticationOptions({
    rpID: rpId(app),
    allowCredentials: passkeys.map(({ id }) => ({ id })),
    userVerification: app.user_verification,
  })
  return beginCeremony(context, publicKey, {
    purpose: 'reauthenticate',
    user: formatId(user.id),
    session: formatId(sessionId),
  })
}

/**
 * Verifies the passkey, and records the authentication in the session, which goes on: its refresh token stays, and its next auth
 * tokens have the new claims. If the passkey is refused, the session stays as it was.
 */
export async function finishReauthentication(
  context: CeremonyContext,
  { user, sessionId }: SignedIn,
  handshakeId: string,
  response: Assertion,
) {
  const { store, app, by } = context
  const handshake = readHandshake(context, 'reauthenticate', handshakeId)
  if (handshake.user !== formatId(user.id) || handshake.session !== formatId(sessionId))
    throw passkeyRejected()
  const { authentication } = await verifyAssertion(context, handshake, response)
  const session = { app_id: app.id, user_id: user.id, id: sessionId }
  const recorded = await store.sessions.reauthenticate(session, authentication, by('user'))
  if (!recorded) throw new ApiError('invalid_access_token', 'this session has ended meanwhile: sign in again')
  return toAssurance(recorded)
}
