import { verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server'
import { formatId } from '../store/ids.ts'
import type { Authentication } from '../store/session-row.ts'
import { byPasskey } from '../tokens/assurance.ts'
import type { Handshake } from '../tokens/handshake.ts'
import {
  allowedOrigins,
  passkeyRejected,
  requireKind,
  rpId,
  useUp,
  type CeremonyContext,
} from './ceremony.ts'

/** The browser's response to a ceremony that uses a passkey. */
export interface Assertion {
  readonly id: string
}

/**
 * Verifies the assertion of a passkey, and uses the handshake up. Returns the id of its user, and what it proves. Throws
 * {@link ApiError} `webauthn_login_failed`, also if the handshake is for another user.
 */
export async function verifyAssertion(
  context: CeremonyContext,
  handshake: Handshake,
  response: Assertion,
): Promise<{ userId: Buffer; authentication: Authentication }> {
  const { store, app, now } = context
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
  const { credentialDeviceType: kind, newCounter, userVerified } = authenticationInfo
  requireKind(app, kind)
  await useUp(context, handshake)
  const { user_id: userId, id } = passkey
  // The copies of a synchronized passkey count separately, so a lower counter is no sign of theft (WebAuthn section 6.1.1).
  const counter = kind === 'singleDevice' ? newCounter : undefined
  if (!(await store.passkeys.recordUse(app.id, userId, id, counter, now))) throw passkeyRejected()
  return { userId, authentication: byPasskey(userVerified, now) }
}
