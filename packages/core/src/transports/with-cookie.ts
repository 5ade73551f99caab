import type { AuthResult } from '@tokenkeep/protocol'
import type { Send, Transport } from './transport.ts'

/**
 * Leaves the refresh token to an HttpOnly cookie of the session server's, where no script can read it: for pages of
 * the server's own site. The sign-in must have been asked for with the header `Tokenkeep-Session: cookie` too.
 */
export const withCookie = (server: Transport<AuthResult>): Transport<AuthResult> => ({
  ...server,
  async refresh(request, send, now) {
    const { lastAttempt, session } = request
    const proof: Record<string, string> = lastAttempt ? { 'tokenkeep-last-attempt': lastAttempt } : {}
    const answer = await server.refresh(request, asking(send, proof), now)
    // The cookie may be another session's by now: then this one is over, and its user never gets the other's token.
    return answer.granted && answer.granted.session.id !== session.id ? { refused: 'revoked' } : answer
  },
  revoke: (farewell, send) => server.revoke(farewell, asking(send)),
})

const asking =
  (send: Send, more?: Record<string, string>): Send =>
  (url, init) =>
    send(url, {
      ...init,
      credentials: 'include',
      headers: { ...init.headers, 'tokenkeep-session': 'cookie', ...more },
    })
