import type { introspection } from '@tokenkeep/protocol'
import type { z } from 'zod'
import { parseId, showId } from '../store/ids.ts'
import { readRefreshToken } from '../tokens/refresh-token.ts'
import { endsAt, over } from './expiry.ts'
import type { SessionContext } from './refresh.ts'

type Introspection = z.infer<typeof introspection>

const notActive = { active: false } as const

/** RFC 7662 section 2.2, of either kind of token. Asks the database: an auth token whose session has ended is not active. */
export async function introspect(context: SessionContext, token: string): Promise<Introspection> {
  const { store, keys, app, signer, issuer, now } = context
  const refresh = readRefreshToken(keys, app.id, token)
  const claims = refresh ? undefined : signer.read(app, issuer, token, now)
  const userId = refresh?.userId ?? parseId(claims?.sub ?? '')
  const sessionId = refresh?.sessionId ?? parseId(claims?.sid ?? '')
  if (!userId || !sessionId) return notActive

  const session = await store.sessions.find(app.id, userId, sessionId)
  if (!session || over(session, now)) return notActive
  const about = {
    active: true,
    client_id: app.id,
    iss: issuer,
    sub: showId(userId),
    sid: showId(sessionId),
  } as const
  if (claims)
    return { ...about, exp: claims.exp, iat: claims.iat, token_type: 'Bearer', aud: [...claims.aud] }
  // Only the current one: what an earlier one still buys is for the client that lost an answer.
  if (refresh!.generation < session.generation) return notActive
  const { absolute, inactive } = endsAt(session, app)
  const exp = Math.floor(Math.min(absolute, inactive) / 1000)
  return { ...about, exp, iat: Math.floor(session.rotated_at / 1000) }
}
