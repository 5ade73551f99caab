import type { Answer } from '@tokenkeep/core/cross-tab'
import type { Rules } from './mutants.ts'
import { parseRefreshToken, tokenResponse, type Message, type Server } from './world.ts'

/**
 * Answers a refresh request. This session server is as strict as a server can be: it has no grace period, so a retry is
 * safe only because of the protocol.
 */
export function handleRefresh(server: Server, message: Message, rules: Rules): readonly [Server, Answer] {
  const { sessionId, generation } = parseRefreshToken(message.refreshToken)
  const session = server.sessions[sessionId]!
  const refused: Answer = { refused: 'revoked' }
  if (session.ended) return [server, refused]

  const update = (change: Partial<typeof session>, alarm = server.alarm): Server => ({
    alarm,
    sessions: { ...server.sessions, [sessionId]: { ...session, ...change } },
  })
  if (generation === session.generation) {
    const retryIds = rules.retryIdHistory ? { ...session.retryIds } : {}
    retryIds[generation] = message.retryId
    return [
      update({ generation: generation + 1, retryIds }),
      { issued: tokenResponse(sessionId, generation + 1) },
    ]
  }
  const usedBy = session.retryIds[generation]
  if (usedBy !== undefined && (usedBy === message.retryId || usedBy === message.lastRetryId))
    return generation === session.generation - 1
      ? [server, { issued: tokenResponse(sessionId, session.generation) }]
      : [server, refused]
  return [update({ ended: true }, true), refused]
}

/** Whether a request changes nothing at the server, whenever it arrives: its session has ended, or it was answered before. */
export function canChangeNothing(
  { sessions }: Server,
  { refreshToken, retryId }: Message,
  rules: Rules,
): boolean {
  const { sessionId, generation } = parseRefreshToken(refreshToken)
  const { ended, retryIds } = sessions[sessionId]!
  return ended || (rules.retryIdHistory && retryIds[generation] === retryId)
}

/** Ends a session by any of its refresh tokens (RFC 7009). */
export function revoke(server: Server, refreshToken: string, rules: Rules): Server {
  const { sessionId, generation } = parseRefreshToken(refreshToken)
  const session = server.sessions[sessionId]!
  if (!rules.revokeSession && generation !== session.generation) return server
  return { ...server, sessions: { ...server.sessions, [sessionId]: { ...session, ended: true } } }
}
