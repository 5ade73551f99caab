import { forget, signIn, signOut } from '@tokenkeep/core/cross-tab'
import { spend, type Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { revoke } from './server.ts'
import { grant, isIn, type World } from './world.ts'

const leave = (world: World): World =>
  world.wanted
    ? { ...world, wanted: undefined, leftBehind: [...world.leftBehind, world.wanted.sessionId] }
    : world

const newEpoch = ({ ids, record }: World, rules: Rules): string => {
  if (rules.randomEpoch) return `e${ids}`
  return `e${record ? Number(record.epoch.slice(1)) + 1 : 0}`
}

const signsOut = (world: World, rules: Rules): World => {
  const after = signOut(newEpoch(world, rules), 'signed-out')(world.record)
  const record = rules.outbox ? after : { ...after!, outbox: [] }
  return spend(leave({ ...world, record, ids: world.ids + 1 }), 'signOut')
}

const signsIn = (world: World, rules: Rules): World => {
  const sessionId = `s${Object.keys(world.server.sessions).length}`
  const session = { generation: 0, attempts: {}, ended: false }
  const server = { ...world.server, sessions: { ...world.server.sessions, [sessionId]: session } }
  const epoch = newEpoch(world, rules)
  const after = signIn(epoch, grant(sessionId, 0), 0)(world.record)
  const record = rules.outbox ? after : { ...after, outbox: [] }
  const wanted = { epoch, sessionId }
  return spend({ ...leave(world), record, ids: world.ids + 1, server, wanted }, 'signIn')
}

/** What the person does in some tab, and what some tab then tells the server. */
export function* personMoves(world: World, rules: Rules): Generator<Move> {
  const { record, left } = world
  if (left.signOut > 0 && isIn(record))
    yield { what: 'the person signs out', progress: false, run: () => signsOut(world, rules) }
  if (left.signIn > 0)
    yield { what: 'the person signs in', progress: false, run: () => signsIn(world, rules) }
  if (left.clear > 0 && record) {
    const run = () => spend({ ...leave(world), record: undefined, cleared: true }, 'clear')
    yield { what: 'the person clears the storage', progress: false, run }
  }
  for (const { sessionId, refreshToken } of record?.outbox ?? []) {
    const server = () => revoke(world.server, refreshToken!, rules)
    const run = () => ({ ...world, record: forget(sessionId)(record), server: server() })
    yield { what: `the server hears that ${sessionId} is over`, progress: true, run }
  }
}
