import { hintOf, identity, removeRevocation, signIn, signOut, type Change } from '@tokenkeep/core/cross-tab'
import { spend, type Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { transact } from './platform.ts'
import { revoke } from './server.ts'
import { isSignedIn, tokenResponse, type World } from './world.ts'

/** The user ends the intended session. */
const abandon = (world: World): World =>
  world.intended
    ? { ...world, intended: undefined, abandoned: [...world.abandoned, world.intended.sessionId] }
    : world

const newEpoch = ({ nextId, record }: World, rules: Rules): string => {
  if (rules.randomEpoch) return `e${nextId}`
  return `e${record ? Number(record.epoch!.slice(1)) + 1 : 0}`
}

const withRevocation = (change: Change, { pendingRevocations }: Rules): Change =>
  pendingRevocations ? change : (record) => ({ ...change(record)!, pendingRevocations: [] })

const afterSignOut = (world: World, rules: Rules): World => {
  const change = withRevocation(signOut('signed-out'), rules)
  return spend(abandon(transact(world, change)), 'signOut')
}

/** The page is left after it has sent the hint, and before the storage has the sign-out. */
const afterLeaving = (world: World, rules: Rules): World => {
  const lastHint = rules.lastHint ? hintOf(signOut('signed-out')(world.record)) : undefined
  return spend(spend({ ...abandon(world), lastHint }, 'signOut'), 'crash')
}

const afterSignIn = (world: World, rules: Rules): World => {
  const sessionId = `s${Object.keys(world.server.sessions).length}`
  const session = { generation: 0, retryIds: {}, ended: false }
  const server = { ...world.server, sessions: { ...world.server.sessions, [sessionId]: session } }
  const epoch = newEpoch(world, rules)
  const change = withRevocation(signIn(epoch, tokenResponse(sessionId, 0), 0), rules)
  const after = transact(abandon(world), change)
  return spend({ ...after, nextId: world.nextId + 1, server, intended: { epoch, sessionId } }, 'signIn')
}

/** What the user does in any tab, and the revocations that any tab then sends. */
export function* userMoves(world: World, rules: Rules): Generator<Move> {
  const { record, budgets } = world
  if (budgets.signOut > 0 && isSignedIn(record))
    yield { label: 'the user signs out', fair: false, run: () => afterSignOut(world, rules) }
  if (budgets.signOut > 0 && budgets.crash > 0 && isSignedIn(record))
    yield {
      label: 'the user signs out, and the page is left at once',
      fair: false,
      run: () => afterLeaving(world, rules),
    }
  if (world.lastHint)
    yield { label: 'a page is opened, and reads', fair: true, run: () => transact(world, identity) }
  if (budgets.signIn > 0)
    yield { label: 'the user signs in', fair: false, run: () => afterSignIn(world, rules) }
  if (budgets.clear > 0 && record) {
    const run = () => spend({ ...transact(abandon(world), () => undefined), cleared: true }, 'clear')
    yield { label: 'the user clears the storage', fair: false, run }
  }
  for (const revocation of record?.pendingRevocations ?? []) {
    const { sessionId } = revocation
    const server = () => revoke(world.server, revocation, rules)
    const run = () => ({ ...transact(world, removeRevocation(sessionId)), server: server() })
    yield { label: `the server receives the revocation of ${sessionId}`, fair: true, run }
  }
}
