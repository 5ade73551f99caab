import type { Answer, PendingRevocation } from '@tokenkeep/core/cross-tab'
// This rule belongs to the server, which does not export it.
import { judge, type Rotations, type Verdict } from '../../../server/src/sessions/judge.ts'
import type { Rules } from './mutants.ts'
import { parseRefreshToken, tokenResponse, type Message, type Server, type ServerSession } from './world.ts'

export type Request = Pick<Message, 'refreshToken' | 'retryId' | 'lastRetryId'> & {
  readonly fromCookie?: boolean
}

/** The generation that a retry id used up. */
export function generationOf({ retryIds }: ServerSession, retryId: string | undefined): number | undefined {
  if (retryId === undefined) return undefined
  for (const generation in retryIds) if (retryIds[generation] === retryId) return Number(generation)
  return undefined
}

/** The model has no clock, so the grace period for clients without retry ids lasts forever. */
const rotationsOf = (session: ServerSession): Rotations => ({
  generation: session.generation,
  generationOf: (retryId) => generationOf(session, retryId),
  kindOf: (generation) =>
    !(generation in session.retryIds)
      ? 'unknown'
      : session.retryIds[generation] === undefined
        ? 'unnamed'
        : 'named',
  isRecent: true,
})

/** The verdict of the shipped rule, or of a mutant. */
function verdictOn(session: ServerSession, { refreshToken, ...ids }: Request, rules: Rules): Verdict {
  const { generation } = parseRefreshToken(refreshToken)
  const usedBy = session.retryIds[generation]
  if (!rules.lastMadeCurrent && generation === session.generation) return 'rotate'
  if (!rules.lastMadeCurrent && usedBy !== undefined && [ids.retryId, ids.lastRetryId].includes(usedBy))
    return generation === session.generation - 1 ? 'replay' : 'late'
  const { retryId, lastRetryId, fromCookie = false } = ids
  const verdict = judge(rotationsOf(session), {
    generation,
    retryId,
    lastRetryId,
    fromCookie,
    isAppServer: false,
  })
  const isForgiven = !rules.retryIdProof || (!rules.unnamedIsForeign && retryId === undefined)
  return verdict === 'reuse' && isForgiven && generation === session.generation - 1 ? 'replay' : verdict
}

/** Answers a refresh request by the rule of the session server. */
export function handleRefresh(server: Server, request: Request, rules: Rules): readonly [Server, Answer] {
  const { sessionId } = parseRefreshToken(request.refreshToken)
  const session = server.sessions[sessionId]!
  const refused: Answer = { refused: 'revoked' }
  if (session.ended) return [server, refused]

  const update = (change: Partial<ServerSession>, alarm = server.alarm): Server => ({
    alarm,
    sessions: { ...server.sessions, [sessionId]: { ...session, ...change } },
  })
  const { generation } = session
  switch (verdictOn(session, request, rules)) {
    case 'rotate': {
      const retryIds = rules.retryIdHistory ? { ...session.retryIds } : {}
      retryIds[generation] = request.retryId
      return [
        update({ generation: generation + 1, retryIds }),
        { issued: tokenResponse(sessionId, generation + 1) },
      ]
    }
    case 'replay':
      return [server, { issued: tokenResponse(sessionId, generation) }]
    case 'late':
      return [server, rules.reportDisplaced ? { refused: 'displaced' } : refused]
    case 'reuse':
      return [update({ ended: true }, true), refused]
  }
}

/** Whether a request changes nothing at the server, whenever it arrives: its session has ended, or it was answered before. */
export function canChangeNothing(
  { sessions }: Server,
  { refreshToken, retryId }: Message,
  rules: Rules,
): boolean {
  const { sessionId, generation } = parseRefreshToken(refreshToken)
  const { ended, retryIds } = sessions[sessionId]!
  return ended || (rules.retryIdHistory && retryIds[generation] === retryId && retryId !== undefined)
}

/** Ends a session by any of its refresh tokens (RFC 7009). A client that was displaced raises the alarm. */
export function revoke(server: Server, { refreshToken, reason }: PendingRevocation, rules: Rules): Server {
  const { sessionId, generation } = parseRefreshToken(refreshToken!)
  const session = server.sessions[sessionId]!
  if (!rules.revokeSession && generation !== session.generation) return server
  return {
    alarm: server.alarm || (reason === 'displaced' && !session.ended),
    sessions: { ...server.sessions, [sessionId]: { ...session, ended: true } },
  }
}
