import { verifyRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import type { SessionContext } from './token-response.ts'

/**
 * Ends the session of a refresh token of any generation. Repeating it changes nothing. Returns the content of the token, and
 * whether the session was live; undefined if the text is not a token of this server. `displaced`: the client found that
 * somebody else has refreshed its session, so this is a theft and no sign-out by the user.
 */
export async function signOut(
  { store, keys, app, now, by }: Omit<SessionContext, 'signer' | 'issuer'>,
  text: string,
  reason?: 'displaced',
): Promise<{ token: RefreshToken; isNew: boolean } | undefined> {
  const token = verifyRefreshToken(keys, app.id, text)
  if (!token) return undefined
  const event = reason
    ? ({ type: 'reuse', actor: by('system'), data: { brought: 'displaced' } } as const)
    : ({ type: 'sign-out', actor: by('user') } as const)
  const end = reason ? 'reused' : 'revoked'
  const isNew = await store.sessions.end(app.id, token.userId, token.sessionId, end, event, now)
  return { token, isNew }
}
