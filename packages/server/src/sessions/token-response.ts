import type { AuthResult } from '@tokenkeep/protocol'
import type { App } from '../store/apps.ts'
import type { Actor } from '../store/events.ts'
import { formatId } from '../store/ids.ts'
import type { RotatedSession } from '../store/session-row.ts'
import type { Store } from '../store/store.ts'
import type { Signer } from '../tokens/auth-token.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { boundKey, signRefreshToken } from '../tokens/refresh-token.ts'
import { expiryOf, NO_LIMIT } from './expiry.ts'

/** What every operation on the sessions of an app needs. */
export interface SessionContext {
  readonly store: Store
  readonly keys: Keys
  readonly app: App
  readonly signer: Signer
  readonly issuer: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The source of this request, for the audit trail. */
  by(actor: 'user' | 'system'): Actor
}

/**
 * Returns the token response for a session. It has no refresh token if the session is not `renewable`. `jkt`: the thumbprint of
 * the key that the auth token is bound to; default: that of the session.
 */
export function toTokenResponse(
  { keys, app, signer, issuer, now }: SessionContext,
  session: RotatedSession,
  renewable = true,
  jkt = session.jkt,
): AuthResult {
  const { absolute, inactive } = expiryOf(session, app)
  const notAfter = renewable ? absolute : session.absolute_at
  const { token, expiresIn } = signer.issue(app, issuer, session, now, notAfter, jkt)
  const { user_id: userId, id: sessionId, generation } = session
  const key = session.jkt === null ? undefined : boundKey(session.jkt)
  const issued = {
    auth_token: token,
    auth_token_expires_in: expiresIn,
    session_id: formatId(sessionId),
    user_id: formatId(userId),
    redirect_url: app.redirect_url,
    ...(jkt !== null && { token_type: 'DPoP' as const }),
  }
  if (!renewable) return issued
  return {
    ...issued,
    refresh_token: signRefreshToken(keys, app.id, { userId, sessionId, generation, key }),
    refresh_token_expiration: Math.floor((absolute < NO_LIMIT ? absolute : inactive) / 1000),
    ...(absolute < NO_LIMIT && { absolute_expires_in: (absolute - now) / 1000 }),
    ...(inactive < NO_LIMIT && { inactivity_expires_in: (inactive - now) / 1000 }),
  }
}

/** How long the refresh token of a response lives if it is not used: whole seconds. */
export const unusedLifetime = ({ absolute_expires_in, inactivity_expires_in }: AuthResult): number =>
  Math.floor(Math.min(absolute_expires_in ?? Infinity, inactivity_expires_in ?? Infinity))
