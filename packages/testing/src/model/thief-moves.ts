import type { Move } from './move.ts'
import { derivedRetryId, type Rules } from './mutants.ts'
import { handleRefresh, type Request } from './server.ts'
import { isSignedIn, parseRefreshToken, type Thief, type World } from './world.ts'

// The moves of a thief. He takes his loot without a trace. His request and its answer are one move.

type Taken = Pick<Thief, 'tokens' | 'retryIds' | 'epoch'>

const known = (...retryIds: readonly (string | undefined)[]): string[] =>
  retryIds.filter((id) => id !== undefined)

/** What the thief can take now. */
function* takings({ record, network }: World, loot: Thief['loot']): Generator<Taken> {
  if (isSignedIn(record)) {
    const { refreshToken, retryId, lastRetryId, epoch } = record
    if (loot === 'token') yield { tokens: [refreshToken!], retryIds: [] }
    if (loot === 'record') yield { tokens: [refreshToken!], retryIds: known(retryId, lastRetryId), epoch }
  }
  for (const { refreshToken, retryId, lastRetryId, answer } of network) {
    const retryIds = known(retryId, lastRetryId)
    const issued = answer?.issued?.refreshToken
    if (loot === 'request' && !answer) yield { tokens: [refreshToken], retryIds }
    if (loot === 'answer' && issued) yield { tokens: [issued], retryIds: [] }
    if (loot === 'exchange' && issued) yield { tokens: [refreshToken, issued], retryIds }
  }
}

/**
 * Each request that the thief can send. It has any of his tokens, a retry id that he knows, a new one, or none, and a
 * last retry id that he knows, or none. A last retry id counts only if it made the current token or used up the sent
 * one. If the owner is not in cookie mode, the thief sends the token as a cookie, because the server then accepts more.
 */
function* requests({ thief, nextId, server, sendsLast }: World, rules: Rules): Generator<Request> {
  const { tokens, retryIds, epoch } = thief!
  for (const refreshToken of tokens) {
    const { generation, sessionId } = parseRefreshToken(refreshToken)
    const session = server.sessions[sessionId]!
    const computed = !rules.randomRetryId && epoch ? [derivedRetryId(epoch, generation)] : []
    const counts = [session.retryIds[session.generation - 1], session.retryIds[generation]]
    const lastRetryIds = retryIds.filter((id) => counts.includes(id))
    for (const retryId of new Set([undefined, `a${nextId}`, ...retryIds, ...computed]))
      for (const lastRetryId of [undefined, ...lastRetryIds])
        yield { refreshToken, retryId, lastRetryId, fromCookie: !sendsLast }
  }
}

/** The thief gets nothing by a refused request, so only those that are served are moves. */
export function* thiefMoves(world: World, rules: Rules): Generator<Move> {
  const { thief, nextId } = world
  if (!thief) return
  if (!thief.hasStolen) {
    for (const taken of takings(world, thief.loot)) {
      const run = () => ({ ...world, thief: { ...thief, ...taken, hasStolen: true } })
      yield { label: `a thief takes: ${taken.tokens.join()} ${taken.retryIds.join()}`, fair: false, run }
    }
    return
  }
  if (thief.uses === 0) return
  for (const request of requests(world, rules)) {
    const [server, { issued }] = handleRefresh(world.server, request, rules)
    if (!issued) continue
    const { refreshToken, retryId, lastRetryId } = request
    const run = (): World => ({
      ...world,
      server,
      nextId: nextId + 1,
      thief: {
        ...thief,
        uses: thief.uses - 1,
        tokens: [...new Set([...thief.tokens, issued.refreshToken!])],
        retryIds: [...new Set([...thief.retryIds, ...known(retryId)])],
        served: Math.max(thief.served ?? 0, parseRefreshToken(issued.refreshToken!).generation),
        turns: thief.turns < 2 ? 1 : 3,
      },
    })
    yield { label: `the thief uses ${refreshToken} ${retryId} after ${lastRetryId}`, fair: false, run }
  }
}

/** The thief after the server has answered a request of the owner. */
export function afterOwner({ thief, server }: World, request: Request, issued?: string): Thief | undefined {
  if (!thief?.hasStolen || issued === undefined) return thief
  const { sessionId, generation } = parseRefreshToken(request.refreshToken)
  if (sessionOf(thief) !== sessionId) return thief
  const { generation: current, retryIds } = server.sessions[sessionId]!
  const byOthers = [generation, current - 1].every((used) => retryIds[used] !== request.retryId)
  if (generation < current && byOthers) return { ...thief, isMistaken: true }
  return thief.turns === 1 && parseRefreshToken(issued).generation > thief.served!
    ? { ...thief, turns: 2 }
    : thief
}

const sessionOf = ({ tokens }: Thief): string => parseRefreshToken(tokens[0]!).sessionId

/** Whether the theft is over: the server has heard of it, or the owner has left that session and it has ended. */
export function isOver({ thief, server, intended }: World): boolean {
  if (!thief?.hasStolen) return false
  const session = sessionOf(thief)
  return server.alarm || (server.sessions[session]!.ended && intended?.sessionId !== session)
}
