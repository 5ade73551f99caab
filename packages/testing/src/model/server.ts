import type { Answer } from '@tokenkeep/core/cross-tab'
import type { Rules } from './mutants.ts'
import { grant, parse, type Message, type Server } from './world.ts'

/** The session server, as strict as it can be: no grace period, so that only the protocol can make a retry safe. */
export function serve(server: Server, message: Message, rules: Rules): readonly [Server, Answer] {
  const { sessionId, generation } = parse(message.refreshToken)
  const session = server.sessions[sessionId]!
  const refused: Answer = { refused: 'revoked' }
  if (session.ended) return [server, refused]

  const put = (change: Partial<typeof session>, alarm = server.alarm): Server => ({
    alarm,
    sessions: { ...server.sessions, [sessionId]: { ...session, ...change } },
  })
  if (generation === session.generation) {
    const retryIds = rules.retryIdHistory ? { ...session.retryIds } : {}
    retryIds[generation] = message.retryId
    return [put({ generation: generation + 1, retryIds }), { issued: grant(sessionId, generation + 1) }]
  }
  const used = session.retryIds[generation]
  if (used !== undefined && (used === message.retryId || used === message.lastRetryId))
    return generation === session.generation - 1
      ? [server, { issued: grant(sessionId, session.generation) }]
      : [server, refused]
  return [put({ ended: true }, true), refused]
}

/** A request that changes nothing at the server, whenever it arrives: its session is over, or it was served before. */
export function isSpent({ sessions }: Server, { refreshToken, retryId }: Message, rules: Rules): boolean {
  const { sessionId, generation } = parse(refreshToken)
  const { ended, retryIds } = sessions[sessionId]!
  return ended || (rules.retryIdHistory && retryIds[generation] === retryId)
}

/** Any refresh token of a session ends it. */
export function revoke(server: Server, refreshToken: string, rules: Rules): Server {
  const { sessionId, generation } = parse(refreshToken)
  const session = server.sessions[sessionId]!
  if (!rules.revokeSession && generation !== session.generation) return server
  return { ...server, sessions: { ...server.sessions, [sessionId]: { ...session, ended: true } } }
}
