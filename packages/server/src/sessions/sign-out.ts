import { verifyRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import type { SessionContext } from './token-response.ts'

/**
 * Ends the session of a refresh token of any generation. Repeating it changes nothing. Returns the content of the token, or
 * undefined if the text is not a token of this server.
 */
export async function signOut(
  { store, keys, app, now }: Omit<SessionContext, 'signer' | 'issuer'>,
  text: string,
): Promise<RefreshToken | undefined> {
  const token = verifyRefreshToken(keys, app.id, text)
  if (token) {
    const event = { type: 'sign-out', actor: 'user' } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'revoked', event, now)
  }
  return token
}
