import { removeRevocation, signIn, signOut, type Change } from '@tokenkeep/core/cross-tab'
import { spend, type Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { transact } from './platform.ts'
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

const saying = (revocation: Change, { pendingRevocations }: Rules): Change =>
  pendingRevocations ? revocation : (record) => ({ ...revocation(record)!, pendingRevocations: [] })

const signsOut = (world: World, rules: Rules): World => {
  const change = saying(signOut(newEpoch(world, rules), 'signed-out'), rules)
  return spend(leave({ ...transact(world, change), ids: world.ids + 1 }), 'signOut')
}

const signsIn = (world: World, rules: Rules): World => {
  const sessionId = `s${Object.keys(world.server.sessions).length}`
  const session = { generation: 0, retryIds: {}, ended: false }
  const server = { ...world.server, sessions: { ...world.server.sessions, [sessionId]: session } }
  const epoch = newEpoch(world, rules)
  const after = transact(leave(world), saying(signIn(epoch, grant(sessionId, 0), 0), rules))
  return spend({ ...after, ids: world.ids + 1, server, wanted: { epoch, sessionId } }, 'signIn')
}

/** What the person does in some tab, and what some tab then tells the server. */
export function* personMoves(world: World, rules: Rules): Generator<Move> {
  const { record, left } = world
  if (left.signOut > 0 && isIn(record))
    yield { what: 'the person signs out', progress: false, run: () => signsOut(world, rules) }
  if (left.signIn > 0)
    yield { what: 'the person signs in', progress: false, run: () => signsIn(world, rules) }
  if (left.clear > 0 && record) {
    const run = () => spend({ ...transact(leave(world), () => undefined), cleared: true }, 'clear')
    yield { what: 'the person clears the storage', progress: false, run }
  }
  for (const { sessionId, refreshToken } of record?.pendingRevocations ?? []) {
    const server = () => revoke(world.server, refreshToken!, rules)
    const run = () => ({ ...transact(world, removeRevocation(sessionId)), server: server() })
    yield { what: `the server hears that ${sessionId} is over`, progress: true, run }
  }
}
