import { applyAnswer, identity, needsRefresh, type Entropy } from '@tokenkeep/core/cross-tab'
import { setTab, spend, type Move } from './move.ts'
import { derivedRetryId, type Rules } from './mutants.ts'
import { isFree, lock, transact, unlock } from './platform.ts'
import { versionOf, type World } from './world.ts'

// The moves of a tab: the steps of a refresh in packages/core/src/manager/refresher.ts, by the shipped rules. No time passes
// in the model, because the protocol must be safe even if all clocks are wrong.

/** A fresh id for each call. */
const entropyOf = (world: World): readonly [World, Entropy] => [
  { ...world, nextId: world.nextId + 1 },
  { now: 0, id: `a${world.nextId}`, jitter: 0 },
]

/** The tab is at rest again, and has released the lock if it held it. */
const rest = (world: World, index: number): World => unlock(setTab(world, index, {}), index)

/** Reads the record, with the lock or without. */
function read(before: World, index: number, rules: Rules): World {
  const tab = before.tabs[index]!
  const [world, entropy] = entropyOf(before)
  if (!tab.step || tab.step.request) throw new Error('The tab has read the record already.')
  const { record } = transact(world, identity)
  if (!needsRefresh(record, tab.target!, entropy.now))
    return rest({ ...world, record, lastHint: undefined }, index)
  // The explorer joins reading and sending into one move, which is correct only if reading changes nothing; see moves.ts.
  if (record !== world.record) throw new Error('A read that leads to a request must not change the record.')
  const sent = rules.durableRetryId ? record : { ...record, retryId: entropy.id }
  return setTab(world, index, { ...tab, step: { request: sent } })
}

function send(world: World, index: number): World {
  const tab = world.tabs[index]!
  if (!tab.step?.request) throw new Error('The tab has no request to send.')
  const { refreshToken, retryId } = tab.step.request
  const lastRetryId = world.sendsLast ? tab.step.request.lastRetryId : undefined
  const message = { id: `m${world.nextId}`, refreshToken: refreshToken!, retryId, lastRetryId }
  const sent = { ...world, nextId: world.nextId + 1, network: [...world.network, message] }
  return setTab(sent, index, { ...tab, awaits: message.id })
}

/** Writes the answer to the record. */
function write(before: World, index: number, rules: Rules): World {
  const { step, answer } = before.tabs[index]!
  const [world, entropy] = entropyOf(before)
  if (!step?.request || !answer) throw new Error('The tab has no answer to write.')
  const { request } = step
  const { epoch, generation } = request
  const id = rules.randomRetryId ? entropy.id : derivedRetryId(epoch, generation + 1)
  const change = applyAnswer(request, answer, { ...entropy, id })
  const isFenced = rules.fence && (rules.recheckRefusal || !answer.refused)
  return rest(transact(world, isFenced ? change : () => change(request)), index)
}

const timeOut = (world: World, index: number): World =>
  setTab(world, index, { ...world.tabs[index], awaits: undefined, answer: { failed: 'unreachable' } })

/** The next moves of a tab that no other move can observe, prevent or enable. */
export function* localTabMoves(world: World, index: number, rules: Rules): Generator<Move> {
  const { step, awaits, answer, frozen } = world.tabs[index]!
  if (frozen || !step?.request) return
  const subject = index
  if (answer) yield { subject, label: 'writes', fair: true, run: () => write(world, index, rules) }
  else if (!awaits) yield { subject, label: 'sends', fair: true, run: () => send(world, index) }
  else if (!world.network.some(({ id }) => id === awaits))
    yield { subject, label: 'times out: the message is lost', fair: true, run: () => timeOut(world, index) }
}

/** The other moves of a tab. */
export function* tabMoves(world: World, index: number, rules: Rules): Generator<Move> {
  const tab = world.tabs[index]!
  const { budgets, lockHolder } = world
  const subject = index
  if (tab.frozen) {
    const run = () => setTab(world, index, { ...tab, frozen: undefined })
    return yield { subject, label: 'thaws', fair: false, run }
  }
  if (!tab.target) {
    const target = versionOf(world.record)
    if (target && budgets.refresh > 0) {
      const run = () => setTab(spend(world, 'refresh'), index, { target })
      yield { subject, label: 'wants a refresh', fair: false, run }
    }
    return
  }
  if (!tab.step) {
    const begin = (after: World): World => setTab(after, index, { ...tab, step: {} })
    if (isFree(world))
      yield { subject, label: 'gets the lock', fair: true, run: () => begin(lock(world, index)) }
    else if (rules.boundedWait && world.tabs[lockHolder!]!.frozen)
      yield { subject, label: 'bypasses the lock of a frozen tab', fair: true, run: () => begin(world) }
    else if (rules.boundedWait && budgets.bypass > 0) {
      const run = () => begin(spend(world, 'bypass'))
      yield { subject, label: 'bypasses the lock of a slow tab', fair: false, run }
    }
  } else if (!tab.step.request)
    yield { subject, label: 'reads', fair: true, run: () => read(world, index, rules) }
  const message = world.network.find(({ id }) => id === tab.awaits)
  if (message?.answer) {
    const network = world.network.filter((each) => each !== message)
    const received = { ...tab, answer: message.answer, awaits: undefined }
    const label = message.answer.issued ? 'receives a token response' : 'receives a refusal'
    yield { subject, label, fair: true, run: () => setTab({ ...world, network }, index, received) }
  }
  if (message && budgets.timeout > 0) {
    const run = () => timeOut(spend(world, 'timeout'), index)
    yield { subject, label: 'times out early', fair: false, run }
  }
  if (budgets.crash > 0)
    yield {
      subject,
      label: 'crashes and reloads',
      fair: false,
      run: () => rest(spend(world, 'crash'), index),
    }
  // Without the lock and without a message on its way, a frozen tab is the same as a slow one.
  if (budgets.freeze > 0 && (lockHolder === index || message)) {
    const run = () => setTab(spend(world, 'freeze'), index, { ...tab, frozen: true })
    yield { subject, label: 'freezes', fair: false, run }
  }
}
