import { seen } from './platform.ts'
import { isOver } from './thief-moves.ts'
import { isSignedIn, parseRefreshToken, type World } from './world.ts'

/** Returns the first invariant that a world violates. `before` is the world before the last move. */
export function findViolation(world: World, before?: World): string | undefined {
  const { intended, server, network, thief } = world
  const record = seen(world)
  if (thief?.turns === 3)
    return 'D1: the server served the thief, then gave the owner a newer token, then served the thief again'
  if (thief?.isMistaken) return 'D3: the server treated a refresh of the thief as one of the owner'
  if (server.alarm && !thief) return 'I1: the server treated a refresh of an honest tab as theft'
  if (isSignedIn(record)) {
    if (record.epoch !== intended?.epoch) return 'I2: a session came back after the user had ended it'
    const { sessionId } = intended
    if (record.session.id !== sessionId || parseRefreshToken(record.refreshToken!).sessionId !== sessionId)
      return 'I3: the record has tokens of another session'
    const past = before?.record
    if (isSignedIn(past) && past.epoch === record.epoch && past.generation > record.generation)
      return 'I4: the generation decreased'
  }
  if (record?.reason && intended && !thief && !server.sessions[intended.sessionId]!.ended)
    return 'I5: the user is signed out, but the session is alive at the server'
  const retryIds = new Map<string, string | undefined>()
  for (const { refreshToken, retryId, answer, isCopy } of network) {
    if (answer || isCopy) continue
    if (retryIds.has(refreshToken) && retryIds.get(refreshToken) !== retryId)
      return 'I6: two retry ids are in flight for one refresh token'
    retryIds.set(refreshToken, retryId)
  }
  return undefined
}

/** Returns the first invariant that a world at rest violates. At rest, no fair move is possible. */
export function findViolationAtRest(world: World): string | undefined {
  const { record, server, tabs, thief, intended } = world
  if (isOver(world)) return undefined
  if (thief && record?.reason && intended)
    return 'D2: the owner was signed out, and the server has not heard of a theft'
  if (tabs.some(({ target, frozen }) => target && !frozen)) return 'L1: a tab waits forever'
  // With a thief, the stored token may be too old. The owner's next refresh then raises the alarm.
  if (isSignedIn(record) && !thief) {
    const { generation, sessionId } = parseRefreshToken(record.refreshToken!)
    const session = server.sessions[sessionId]!
    const retryId = session.retryIds[generation]
    const replayable =
      generation === session.generation - 1 && retryId !== undefined && retryId === record.retryId
    if (session.ended || (generation !== session.generation && !replayable))
      return 'I7: the server does not accept the stored refresh token'
  }
  if (!world.cleared && world.abandoned.some((id) => !server.sessions[id]!.ended))
    return 'I8: a session that the user has ended is alive at the server'
  return undefined
}
