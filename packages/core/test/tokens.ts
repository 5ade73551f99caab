import type { AuthResult } from '@tokenkeep/protocol'

/** How long each auth token lives. Seconds. */
export const lifetime = 300

/** A JWT without a real signature. Clients never verify one. */
export const jwt = (claims: object): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(claims))
  return `h.${btoa(String.fromCodePoint(...bytes)).replaceAll('=', '')}.s`
}

/** What a session server returns for a sign-in or a refresh. `issued` makes the auth token differ from all others. */
export function authResult(sessionId: string, userId: string, refreshToken: string, issued: number) {
  const now = Math.floor(Date.now() / 1000)
  return {
    auth_token: jwt({ sub: userId, sid: sessionId, iat: now, exp: now + lifetime, jti: String(issued) }),
    auth_token_expires_in: lifetime,
    session_id: sessionId,
    user_id: userId,
    redirect_url: '/',
    refresh_token: refreshToken,
  } satisfies AuthResult
}
