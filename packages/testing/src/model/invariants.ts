import { isIn, parse, type World } from './world.ts'

/** What must hold in every state; `before` is the state it came from. Returns the first that does not. */
export function broken(world: World, before?: World): string | undefined {
  const { record, wanted, server, net } = world
  if (server.alarm) return 'I1: an honest tab was taken for a thief'
  if (isIn(record)) {
    if (record.epoch !== wanted?.epoch) return 'I2: a session came back that the person had left'
    if (record.session.id !== wanted.sessionId || parse(record.refreshToken!).sessionId !== wanted.sessionId)
      return 'I3: tokens of another session'
    const past = before?.record
    if (isIn(past) && past.epoch === record.epoch && past.generation > record.generation)
      return 'I4: generation went back'
  }
  if (record?.reason && wanted && !server.sessions[wanted.sessionId]!.ended)
    return 'I5: signed out, though the session is alive'
  const keys = new Map<string, string>()
  for (const { refreshToken, retryId, answer, late } of net) {
    if (answer || late) continue
    if ((keys.get(refreshToken) ?? retryId) !== retryId)
      return 'I6: two retryIds in flight for one refresh token'
    keys.set(refreshToken, retryId)
  }
  return undefined
}

/** What must hold once nothing more happens by itself. */
export function brokenAtRest(world: World): string | undefined {
  const { record, server, tabs } = world
  if (tabs.some(({ wants, frozen }) => wants && !frozen)) return 'L1: a tab is stuck'
  if (isIn(record)) {
    const { generation, sessionId } = parse(record.refreshToken!)
    const session = server.sessions[sessionId]!
    const retryId = session.retryIds[generation]
    const replayable =
      generation === session.generation - 1 && retryId !== undefined && retryId === record.retryId
    if (session.ended || (generation !== session.generation && !replayable))
      return 'I7: the stored refresh token is good for nothing'
  }
  if (!world.cleared && world.leftBehind.some((id) => !server.sessions[id]!.ended))
    return 'I8: a session the person left lives on at the server'
  return undefined
}
