import type { AuthTokenClaims } from '@tokenkeep/protocol'
import type { AuthenticatedSession, Authentication } from '../store/session-row.ts'

/**
 * What the assertion of a passkey proves. `pop`: it is signed with a key. `user`: somebody was present. `mfa`: the authenticator
 * has also verified this person, by a PIN or a biometric (RFC 8176 section 2). Not `hwk` or `swk`, which say where the key is:
 * nothing attests that. `phr`: no other site can get it (OpenID Connect EAP ACR Values section 2).
 */
export const byPasskey = (isVerified: boolean, time: number): Authentication => ({
  time,
  amr: isVerified ? 'pop user mfa' : 'pop user',
  acr: 'phr',
})

type Assurance = Pick<AuthTokenClaims, 'auth_time' | 'amr' | 'acr'>

/** When the user last authenticated in a session. Milliseconds since the epoch. */
export const authenticatedAt = ({
  created_at,
  auth_time,
}: Pick<AuthenticatedSession, 'created_at' | 'auth_time'>): number => auth_time ?? created_at

/** The claims about the newest authentication of a session. */
export const toAssurance = (session: AuthenticatedSession): Assurance => ({
  auth_time: Math.floor(authenticatedAt(session) / 1000),
  ...(session.amr !== null && { amr: session.amr.split(' ') }),
  ...(session.acr !== null && { acr: session.acr }),
})
