import { verifyRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import { hasKeyOf } from './binding.ts'
import type { SessionContext } from './token-response.ts'

interface SignOut {
  /** `displaced`: the client found that somebody else has refreshed its session, so this is a theft and no sign-out by the user. */
  readonly reason?: 'displaced' | undefined
  /** The thumbprint of the key that the client has proven. */
  readonly jkt?: string | undefined
}

/**
 * Ends the session of a refresh token of any generation. Repeating it changes nothing. Returns the content of the token, and
 * whether the session was live; undefined if the text is not a token of this server. A bound token needs no proof here, so that a
 * client whose key is lost can sign out. The event says that there was none.
 */
export async function signOut(
  { store, keys, app, now, by }: Omit<SessionContext, 'signer' | 'issuer'>,
  text: string,
  { reason, jkt }: SignOut = {},
): Promise<{ token: RefreshToken; isNew: boolean } | undefined> {
  const token = verifyRefreshToken(keys, app.id, text)
  if (!token) return undefined
  const proof = hasKeyOf(token, jkt) ? {} : { proof: 'none' }
  const event = reason
    ? ({ type: 'reuse', actor: by('system'), data: { brought: 'displaced', ...proof } } as const)
    : ({ type: 'sign-out', actor: by('user'), ...('proof' in proof && { data: proof }) } as const)
  const end = reason ? 'reused' : 'revoked'
  const isNew = await store.sessions.end(app.id, token.userId, token.sessionId, end, event, now)
  return { token, isNew }
}
