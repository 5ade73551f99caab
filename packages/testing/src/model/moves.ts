import { advance, forget, signIn, signOut, start, type Answer, type Draw } from '@tokenkeep/core/cross-tab'
import type { Rules } from './mutants.ts'
import { revoke, serve } from './server.ts'
import { grant, isIn, versionOf, type Budgets, type Tab, type World } from './world.ts'

/** Something that can happen now. `progress`: it will, if nothing else does. */
export interface Move {
  readonly name: string
  readonly progress: boolean
  run(): World
}

const setTab = (world: World, index: number, tab: Tab): World => ({
  ...world,
  tabs: world.tabs.map((each, at) => (at === index ? tab : each)),
})

const spend = (world: World, budget: keyof Budgets): World => ({
  ...world,
  left: { ...world.left, [budget]: world.left[budget] - 1 },
})

/** Every new name in its turn; no time passes, for the protocol must hold whatever the clocks say. */
const draw = (world: World): readonly [World, Draw] => [
  { ...world, ids: world.ids + 1 },
  { now: 0, id: `a${world.ids}`, jitter: 0 },
]

/** The refresh has ended. Where no answer came, it may be wanted still, as in the manager. */
function end(world: World, index: number): World {
  const { record, left } = world
  const again = left.retry > 0 && isIn(record) && record.trouble !== undefined
  return {
    ...setTab(again ? spend(world, 'retry') : world, index, {
      seen: versionOf(record),
      wants: again || undefined,
    }),
    holder: world.holder === index ? undefined : world.holder,
  }
}

/** Looks at the record, under the lock or past it: the shipped reducer says what to do about it. */
function look(before: World, index: number, rules: Rules): World {
  const { step, ...tab } = before.tabs[index]!
  const [world, drawn] = draw(before)
  if (step?.do !== 'look') throw new Error('it has looked')
  const next = advance(step, { record: step.change(world.record) }, drawn)
  if (next.do !== 'send') return end(world, index)
  const job = rules.durableAttempt ? next.job : { ...next.job, attempt: drawn.id }
  return setTab(world, index, { ...tab, step: { do: 'send', job } })
}

function send(world: World, index: number): World {
  const tab = world.tabs[index]!
  if (tab.step?.do !== 'send') throw new Error('there is nothing to send')
  const { refreshToken, attempt, lastAttempt } = tab.step.job
  const message = { id: `m${world.ids}`, refreshToken: refreshToken!, attempt, lastAttempt }
  const sent = { ...world, ids: world.ids + 1, net: [...world.net, message] }
  return setTab(sent, index, { ...tab, awaits: message.id })
}

/** Writes down what came of the request. */
function settle(before: World, index: number, rules: Rules): World {
  const { step, answer } = before.tabs[index]!
  const [world, drawn] = draw(before)
  if (step?.do !== 'send' || !answer) throw new Error('there is nothing to write')
  const next = advance(step, { answer }, drawn)
  if (next.do !== 'settle') throw new Error('an answer is written down')
  const checked = rules.fence && (rules.recheckRefusal || !('refused' in answer))
  return end({ ...world, record: next.change(checked ? world.record : step.job) }, index)
}

const leave = (world: World): World =>
  world.wanted
    ? { ...world, wanted: undefined, leftBehind: [...world.leftBehind, world.wanted.sessionId] }
    : world

const epoch = (world: World, rules: Rules): string => {
  if (rules.randomEpoch) return `e${world.ids + 1}`
  return `e${world.record ? Number(world.record.epoch.slice(1)) + 1 : 0}`
}

/** The moves of one tab's refresh that need nobody else. */
function* ofTab(world: World, index: number, rules: Rules): Generator<Move> {
  const tab = world.tabs[index]!
  const { left } = world
  const name = (what: string): string => `tab ${index}: ${what}`
  if (tab.frozen) {
    yield {
      name: name('thaws'),
      progress: false,
      run: () => setTab(world, index, { ...tab, frozen: undefined }),
    }
    return
  }
  if (!tab.wants) {
    if (tab.seen && left.start > 0)
      yield {
        name: name('wants a refresh'),
        progress: false,
        run: () => setTab(spend(world, 'start'), index, { ...tab, wants: true }),
      }
    const now = versionOf(world.record)
    if (now?.epoch !== tab.seen?.epoch || now?.seq !== tab.seen?.seq)
      yield {
        name: name('looks at the record'),
        progress: false,
        run: () => setTab(world, index, { seen: now }),
      }
  } else if (!tab.step) {
    const begun = (after: World): World => {
      const step = start(tab.seen!)
      return setTab(after, index, { ...tab, step })
    }
    if (world.holder === undefined)
      yield { name: name('gets the lock'), progress: true, run: () => begun({ ...world, holder: index }) }
    else if (rules.boundedWait && (left.bypass > 0 || world.tabs[world.holder]!.frozen))
      yield {
        name: name('passes the lock by'),
        progress: world.tabs[world.holder]!.frozen === true,
        run: () => begun(left.bypass > 0 ? spend(world, 'bypass') : world),
      }
  } else if (tab.step.do === 'look')
    yield { name: name('reads, under way'), progress: true, run: () => look(world, index, rules) }
  else if (tab.answer) yield { name: name('writes'), progress: true, run: () => settle(world, index, rules) }
  else if (!tab.awaits) yield { name: name('sends'), progress: true, run: () => send(world, index) }
  else {
    const message = world.net.find(({ id }) => id === tab.awaits)
    const hear = (after: World, answer: Answer): World =>
      setTab(after, index, { ...tab, answer, awaits: undefined })
    if (message?.answer) {
      const { answer } = message
      yield {
        name: name(`hears: ${Object.keys(answer)[0]}`),
        progress: true,
        run: () => hear({ ...world, net: world.net.filter((each) => each !== message) }, answer),
      }
    }
    const failed: Answer = { failed: 'unreachable' }
    if (!message) yield { name: name('gives up: lost'), progress: true, run: () => hear(world, failed) }
    else if (left.timeout > 0)
      yield {
        name: name('gives up early'),
        progress: false,
        run: () => hear(spend(world, 'timeout'), failed),
      }
  }
  if (left.crash > 0)
    yield {
      name: name('crashes and reloads'),
      progress: false,
      run: () => {
        return {
          ...setTab(spend(world, 'crash'), index, { seen: versionOf(world.record) }),
          holder: world.holder === index ? undefined : world.holder,
        }
      },
    }
  if (left.freeze > 0 && tab.wants)
    yield {
      name: name('freezes'),
      progress: false,
      run: () => setTab(spend(world, 'freeze'), index, { ...tab, frozen: true }),
    }
}

function* ofNetwork(world: World, rules: Rules): Generator<Move> {
  for (const message of world.net) {
    const others = world.net.filter((each) => each !== message)
    if (!message.answer) {
      const arrive = (kept: World['net']): World => {
        const [server, answer] = serve(world.server, message, rules)
        return { ...world, server, net: [...kept, { ...message, answer }] }
      }
      const what = `request ${message.refreshToken} ${message.attempt}`
      yield { name: `${what} arrives`, progress: true, run: () => arrive(others) }
      if (world.left.duplicate > 0)
        yield {
          name: `${what} arrives, and will again`,
          progress: false,
          run: () => {
            const copy = { ...message, id: `m${world.ids}`, late: true } as const
            return spend({ ...arrive([...others, copy]), ids: world.ids + 1 }, 'duplicate')
          },
        }
    } else if (!world.tabs.some(({ awaits }) => awaits === message.id))
      yield { name: 'an answer nobody waits for', progress: true, run: () => ({ ...world, net: others }) }
    if (world.left.loss > 0)
      yield {
        name: `${message.answer ? 'answer' : 'request'} ${message.refreshToken} is lost`,
        progress: false,
        run: () => spend({ ...world, net: others }, 'loss'),
      }
  }
}

function* ofPerson(world: World, rules: Rules): Generator<Move> {
  const { record, left } = world
  if (left.signOut > 0 && isIn(record))
    yield {
      name: 'signs out',
      progress: false,
      run: () => {
        const after = signOut(epoch(world, rules), 'signed-out')(record)
        const kept = rules.outbox ? after : { ...after!, outbox: [] }
        return spend(leave({ ...world, record: kept, ids: world.ids + 1 }), 'signOut')
      },
    }
  if (left.signIn > 0)
    yield {
      name: 'signs in',
      progress: false,
      run: () => {
        const sessionId = `s${Object.keys(world.server.sessions).length}`
        const sessions = {
          ...world.server.sessions,
          [sessionId]: { generation: 0, attempts: {}, ended: false },
        }
        const name = epoch(world, rules)
        const after = signIn(name, grant(sessionId, 0), 0)(record)
        const kept = rules.outbox ? after : { ...after, outbox: [] }
        return spend(
          {
            ...leave(world),
            record: kept,
            ids: world.ids + 1,
            server: { ...world.server, sessions },
            wanted: { epoch: name, sessionId },
          },
          'signIn',
        )
      },
    }
  if (left.clear > 0 && record)
    yield {
      name: 'clears the storage',
      progress: false,
      run: () => spend({ ...leave(world), record: undefined, cleared: true }, 'clear'),
    }
  for (const farewell of record?.outbox ?? [])
    yield {
      name: `the server hears that ${farewell.sessionId} is over`,
      progress: true,
      run: () => ({
        ...world,
        record: forget(farewell.sessionId)(record),
        server: revoke(world.server, farewell.refreshToken!, rules),
      }),
    }
}

/** Everything that can happen next. */
export function* moves(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* ofTab(world, index, rules)
  yield* ofNetwork(world, rules)
  yield* ofPerson(world, rules)
}
