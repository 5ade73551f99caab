import type { AuthResult } from '@tokenkeep/protocol'
import type { Send, Transport } from './transport.ts'

/**
 * Keeps the refresh token in an HttpOnly cookie of the session server, which no script can read. Use it for pages on
 * the server's own site. The sign-in must also be requested with the header `Tokenkeep-Session: cookie`.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer, withCookie } from '@tokenkeep/core'
 *
 * const server = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport: withCookie(server) })
 * ```
 */
export const withCookie = (server: Transport<AuthResult>): Transport<AuthResult> => ({
  ...server,
  async refresh(request, send, now) {
    const { lastRetryId, session } = request
    const proof: Record<string, string> = lastRetryId ? { 'tokenkeep-last-attempt': lastRetryId } : {}
    const answer = await server.refresh(request, withCredentials(send, proof), now)
    // The cookie may belong to another session by now. Then this session is over, and its user never gets that token.
    return answer.issued && answer.issued.session.id !== session.id ? { refused: 'revoked' } : answer
  },
  revoke: (revocation, send, now) => server.revoke(revocation, withCredentials(send), now),
})

const withCredentials =
  (send: Send, more?: Record<string, string>): Send =>
  (url, init) =>
    send(url, {
      ...init,
      credentials: 'include',
      headers: { ...init.headers, 'tokenkeep-session': 'cookie', ...more },
    })
