import type { introspection } from '@tokenkeep/protocol'
import type { z } from 'zod'
import { formatId, parseId } from '../store/ids.ts'
import { toAssurance } from '../tokens/assurance.ts'
import { verifyRefreshToken } from '../tokens/refresh-token.ts'
import { endReasonOf, expiryOf } from './expiry.ts'
import type { SessionContext } from './token-response.ts'

type Introspection = z.infer<typeof introspection>

const NOT_ACTIVE = { active: false } as const

/**
 * Introspects an auth token or a refresh token (RFC 7662 section 2.2). It reads the database: an auth token is not active
 * once its session has ended.
 */
export async function introspect(context: SessionContext, token: string): Promise<Introspection> {
  const { store, keys, app, signer, issuer, now } = context
  const refreshToken = verifyRefreshToken(keys, app.id, token)
  const claims = refreshToken ? undefined : signer.verify(app, issuer, token, now)
  const userId = refreshToken?.userId ?? parseId(claims?.sub ?? '')
  const sessionId = refreshToken?.sessionId ?? parseId(claims?.sid ?? '')
  if (!userId || !sessionId) return NOT_ACTIVE

  const session = await store.sessions.find(app.id, userId, sessionId)
  if (!session || endReasonOf(session, now)) return NOT_ACTIVE
  const common = {
    active: true,
    client_id: app.id,
    iss: issuer,
    sub: formatId(userId),
    sid: formatId(sessionId),
  } as const
  if (claims) {
    const { exp, iat, aud, cnf, auth_time, acr } = claims
    return {
      ...common,
      auth_time,
      ...(acr !== undefined && { acr }),
      exp,
      iat,
      aud: [...aud],
      token_type: cnf ? 'DPoP' : 'Bearer',
      ...(cnf && { cnf }),
    }
  }
  // Only the current refresh token is active. An earlier one works only for the client that lost the response.
  if (refreshToken!.generation < session.generation) return NOT_ACTIVE
  const { absolute, inactive } = expiryOf(session, app)
  const exp = Math.floor(Math.min(absolute, inactive) / 1000)
  const cnf = session.jkt === null ? undefined : { jkt: session.jkt }
  const { auth_time, acr } = toAssurance(session)
  return {
    ...common,
    auth_time,
    ...(acr !== undefined && { acr }),
    exp,
    iat: Math.floor(session.rotated_at / 1000),
    ...(cnf && { cnf }),
  }
}
