import { advance, start, type Entropy } from '@tokenkeep/core/cross-tab'
import { setTab, spend, type Move } from './move.ts'
import type { Rules } from './mutants.ts'
import { isFree, lock, transact, unlock } from './platform.ts'
import { versionOf, type World } from './world.ts'

// What a tab does. The shipped reducer says what comes next; no time passes, for the protocol must hold whatever the
// clocks say.

/** Every new name in its turn. */
const entropyOf = (world: World): readonly [World, Entropy] => [
  { ...world, ids: world.ids + 1 },
  { now: 0, id: `a${world.ids}`, jitter: 0 },
]

/** The tab is at rest again, and the lock free if it was the tab's. */
const rest = (world: World, index: number): World => unlock(setTab(world, index, {}), index)

/** Looks at the record, under the lock or past it. */
function look(before: World, index: number, rules: Rules): World {
  const tab = before.tabs[index]!
  const [world, drawn] = entropyOf(before)
  if (!tab.step?.change) throw new Error('it has looked')
  const { record } = transact(world, tab.step.change)
  // Else the explorer could not take looking and sending for one move; see moves.ts.
  if (record !== world.record) throw new Error('a look changes nothing')
  const { request } = advance(tab.step, { record }, drawn)
  if (!request) return rest(world, index)
  const own = rules.durableRetryId ? request : { ...request, retryId: drawn.id }
  return setTab(world, index, { ...tab, step: { request: own } })
}

function send(world: World, index: number): World {
  const tab = world.tabs[index]!
  if (!tab.step?.request) throw new Error('there is nothing to send')
  const { refreshToken, retryId, lastRetryId } = tab.step.request
  const message = { id: `m${world.ids}`, refreshToken: refreshToken!, retryId, lastRetryId }
  const sent = { ...world, ids: world.ids + 1, net: [...world.net, message] }
  return setTab(sent, index, { ...tab, awaits: message.id })
}

/** Writes down what came of the request. */
function settle(before: World, index: number, rules: Rules): World {
  const { step, answer } = before.tabs[index]!
  const [world, drawn] = entropyOf(before)
  if (!step?.request || !answer) throw new Error('there is nothing to write')
  const { request } = step
  const { change } = advance(step, { answer }, drawn)
  if (!change) throw new Error('an answer is written down')
  const checked = rules.fence && (rules.recheckRefusal || !answer.refused)
  return rest(transact(world, checked ? change : () => change(request)), index)
}

const giveUp = (world: World, index: number): World =>
  setTab(world, index, { ...world.tabs[index], awaits: undefined, answer: { failed: 'unreachable' } })

/** What a tab does next that nobody else can see, hinder or hasten. */
export function* ownMoves(world: World, of: number, rules: Rules): Generator<Move> {
  const { step, awaits, answer, frozen } = world.tabs[of]!
  if (frozen || !step?.request) return
  if (answer) yield { of, what: 'writes', progress: true, run: () => settle(world, of, rules) }
  else if (!awaits) yield { of, what: 'sends', progress: true, run: () => send(world, of) }
  else if (!world.net.some(({ id }) => id === awaits))
    yield { of, what: 'gives up: lost', progress: true, run: () => giveUp(world, of) }
}

/** Everything else. */
export function* tabMoves(world: World, of: number, rules: Rules): Generator<Move> {
  const tab = world.tabs[of]!
  const { left, holder } = world
  if (tab.frozen) {
    const run = () => setTab(world, of, { ...tab, frozen: undefined })
    return yield { of, what: 'thaws', progress: false, run }
  }
  if (!tab.wants) {
    const wants = versionOf(world.record)
    if (wants && left.start > 0) {
      const run = () => setTab(spend(world, 'start'), of, { wants })
      yield { of, what: 'wants a refresh', progress: false, run }
    }
    return
  }
  if (!tab.step) {
    const begun = (after: World): World => setTab(after, of, { ...tab, step: start(tab.wants!) })
    if (isFree(world)) yield { of, what: 'gets the lock', progress: true, run: () => begun(lock(world, of)) }
    else if (rules.boundedWait && world.tabs[holder!]!.frozen)
      yield { of, what: 'passes a frozen holder by', progress: true, run: () => begun(world) }
    else if (rules.boundedWait && left.bypass > 0)
      yield { of, what: 'passes the lock by', progress: false, run: () => begun(spend(world, 'bypass')) }
  } else if (tab.step.change) yield { of, what: 'reads', progress: true, run: () => look(world, of, rules) }
  const message = world.net.find(({ id }) => id === tab.awaits)
  if (message?.answer) {
    const net = world.net.filter((each) => each !== message)
    const heard = { ...tab, answer: message.answer, awaits: undefined }
    const what = message.answer.issued ? 'hears: granted' : 'hears: refused'
    yield { of, what, progress: true, run: () => setTab({ ...world, net }, of, heard) }
  }
  if (message && left.timeout > 0)
    yield { of, what: 'gives up early', progress: false, run: () => giveUp(spend(world, 'timeout'), of) }
  if (left.crash > 0)
    yield {
      of,
      what: 'crashes and reloads',
      progress: false,
      run: () => rest(spend(world, 'crash'), of),
    }
  // Frozen with neither the lock nor a request on its way, it would only be slow.
  if (left.freeze > 0 && (holder === of || message)) {
    const run = () => setTab(spend(world, 'freeze'), of, { ...tab, frozen: true })
    yield { of, what: 'freezes', progress: false, run }
  }
}
