import {
  advance,
  forget,
  signIn,
  signOut,
  start,
  type Outcome,
  type Transaction,
} from '@tokenkeep/core/cross-tab'
import type { Rules } from './mutants.ts'
import { revoke, serve } from './server.ts'
import { grant, isIn, type Budgets, type Tab, type World } from './world.ts'

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

const transact = <T>(world: World, transaction: Transaction<T>): readonly [World, T] => {
  const [record, result] = transaction(world.record)
  return [{ ...world, record }, result]
}

const feed = (world: World, index: number, outcome: Outcome): World =>
  setTab(world, index, { ...world.tabs[index], outcome, awaits: undefined })

/** What the tab's refresh does next: the shipped reducer says it, and the world carries it out. */
function proceed(world: World, index: number, rules: Rules): World {
  const tab = world.tabs[index]!
  const id = `a${world.ids}`
  const drawn = { ...world, ids: world.ids + 1 }
  const [step, effect] = advance(tab.step!, tab.outcome!, { now: 0, id, jitter: 0 })
  const there = setTab(drawn, index, { ...tab, step, outcome: undefined })
  switch (effect.do) {
    case 'begin': {
      const [after, begun] = transact(there, effect.transaction)
      const made = begun.job && !rules.durableAttempt ? { job: { ...begun.job, attempt: id } } : begun
      return feed(after, index, { of: 'begin', begun: made })
    }
    case 'pause':
      return feed(there, index, { of: 'pause' })
    case 'send': {
      const { refreshToken, attempt, lastAttempt } = effect.job
      const message = { id: `m${world.ids}`, refreshToken, attempt, lastAttempt }
      return setTab({ ...there, net: [...there.net, message] }, index, {
        ...there.tabs[index],
        awaits: message.id,
      })
    }
    case 'settle': {
      const refused = tab.outcome?.of === 'send' && tab.outcome.answer.is === 'refused'
      const checked = rules.fence && (rules.recheckRefusal || !refused)
      const blind: typeof effect.transaction = () => effect.transaction(step.job)
      const [after, record] = transact(there, checked ? effect.transaction : blind)
      return feed(after, index, { of: 'settle', record })
    }
    case 'finish': {
      const seen = isIn(effect.record) ? { epoch: effect.record.epoch, seq: effect.record.seq } : undefined
      return { ...setTab(drawn, index, { seen }), holder: world.holder === index ? undefined : world.holder }
    }
    case 'lock':
      throw new Error('the lock is asked for once, at the start')
  }
}

/** A pause and the end of a refresh touch nothing that others see: they are no steps of their own. */
function settled(world: World, index: number, rules: Rules): World {
  const { outcome } = world.tabs[index]!
  const done =
    outcome?.of === 'settle' || outcome?.of === 'pause' || (outcome?.of === 'begin' && !outcome.begun.job)
  return done ? settled(proceed(world, index, rules), index, rules) : world
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
  if (!tab.step) {
    if (tab.seen && left.start > 0)
      yield {
        name: name('begins a refresh'),
        progress: false,
        run: () => setTab(spend(world, 'start'), index, { ...tab, step: start(tab.seen!)[0] }),
      }
    const now = isIn(world.record) ? world.record : undefined
    if (now?.epoch !== tab.seen?.epoch || now?.seq !== tab.seen?.seq)
      yield {
        name: name('looks at the record'),
        progress: false,
        run: () => setTab(world, index, { seen: now && { epoch: now.epoch, seq: now.seq } }),
      }
  } else if (tab.outcome) {
    yield {
      name: name(`goes on after ${tab.outcome.of}`),
      progress: true,
      run: () => settled(proceed(world, index, rules), index, rules),
    }
  } else if (tab.awaits === undefined) {
    if (world.holder === undefined)
      yield {
        name: name('gets the lock'),
        progress: true,
        run: () => feed({ ...world, holder: index }, index, { of: 'lock' }),
      }
    else if (rules.boundedWait && (left.bypass > 0 || world.tabs[world.holder]!.frozen))
      yield {
        name: name('passes the lock by'),
        progress: world.tabs[world.holder]!.frozen === true,
        run: () => feed(left.bypass > 0 ? spend(world, 'bypass') : world, index, { of: 'lock' }),
      }
  } else {
    const message = world.net.find(({ id }) => id === tab.awaits)
    const failed: Outcome = { of: 'send', answer: { is: 'failed', code: 'unreachable' } }
    if (message?.answer) {
      const { answer } = message
      yield {
        name: name(`hears: ${answer.is}`),
        progress: true,
        run: () =>
          feed({ ...world, net: world.net.filter((each) => each !== message) }, index, {
            of: 'send',
            answer,
          }),
      }
    }
    if (!message)
      yield { name: name('gives up: lost'), progress: true, run: () => feed(world, index, failed) }
    else if (left.timeout > 0)
      yield {
        name: name('gives up early'),
        progress: false,
        run: () => feed(spend(world, 'timeout'), index, failed),
      }
  }
  if (left.crash > 0)
    yield {
      name: name('crashes and reloads'),
      progress: false,
      run: () => {
        const now = isIn(world.record) ? world.record : undefined
        return {
          ...setTab(spend(world, 'crash'), index, { seen: now && { epoch: now.epoch, seq: now.seq } }),
          holder: world.holder === index ? undefined : world.holder,
        }
      },
    }
  if (left.freeze > 0 && tab.step)
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
        const [after] = transact(world, signOut(epoch(world, rules), 'signed-out'))
        const kept = rules.outbox ? after.record : { ...after.record!, outbox: [] }
        return spend(leave({ ...after, record: kept, ids: world.ids + 1 }), 'signOut')
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
        const [after] = transact(leave(world), signIn(name, grant(sessionId, 0), `a${world.ids}`, 0))
        const kept = rules.outbox ? after.record : { ...after.record!, outbox: [] }
        return spend(
          {
            ...after,
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
      run: () => {
        const [after] = transact(world, forget(farewell.sessionId))
        return { ...after, server: revoke(world.server, farewell.refreshToken, rules) }
      },
    }
}

/** Everything that can happen next. */
export function* moves(world: World, rules: Rules): Generator<Move> {
  for (const index of world.tabs.keys()) yield* ofTab(world, index, rules)
  yield* ofNetwork(world, rules)
  yield* ofPerson(world, rules)
}
