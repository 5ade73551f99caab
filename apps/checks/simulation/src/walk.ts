import { sessionServer, type TokenManager, type Transport } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import { random } from '@tokenkeep/testing/random'
import { Device, type Request, type Tab } from './device.ts'
import { Oracle } from './oracle.ts'
import { url, type Server, type ServerAnswer } from './server.ts'

/** When each walk starts. Milliseconds since the epoch. */
export const startTime = 1_700_000_000_000
/** Milliseconds. */
const SECOND = 1000
/** Milliseconds. */
const HOUR = 3_600_000
/** How long a request may be on its way. Milliseconds. */
const maxTransit = 30 * SECOND
/** How long the server fails while callers go on asking. Seconds. */
const busyTime = 600
/**
 * How many refreshes docs/cross-tab.md allows in that time: a failing server of this walk asks for a pause of at least
 * 3 seconds.
 */
const mostRefreshes = busyTime / 3 + 4
/** How often one tab may send one pending revocation in that time: the pauses are 10, 20, and then 40 seconds. */
const mostRevocations = 18

/**
 * - `lost`: the request does not arrive, and the tab learns that the network has failed. `vanished`: the tab learns nothing.
 * - `unanswered`: the server handles the request, but the answer is lost.
 * - `duplicated`: the request arrives twice.
 * - `foreign`: another server answers, such as a proxy or a captive portal.
 * - `storage`: a transaction fails.
 */
const faults = ['lost', 'vanished', 'unanswered', 'duplicated', 'foreign', 'storage'] as const
/** What can happen in a step, besides the events that are pending. */
const actions = [
  'ask',
  'signIn',
  'signOut',
  'crash',
  'freeze',
  'thaw',
  'wake',
  'sleep',
  'clock',
  'clear',
  'revoke',
  'outage',
] as const
type Fault = (typeof faults)[number]
type Action = (typeof actions)[number]

/** Replaces the shipped transport or the shipped manager by a broken one. */
export interface Mutation {
  readonly transport?: (shipped: Transport<AuthResult>) => Transport<AuthResult>
  readonly manager?: (shipped: TokenManager<AuthResult>) => TokenManager<AuthResult>
  /** Returns the hint that a tab finds when it asks for the last one. */
  readonly lastMessage?: (kept: unknown) => unknown
}

/** A random walk. Each step has its own seed, so a walk without one step keeps the other steps unchanged. */
export interface Walk {
  readonly seed: number
  readonly steps: readonly number[]
}
export interface Violation {
  readonly invariant: string
  readonly walk: Walk
  readonly trace: readonly string[]
}

const page = (status: number, headers = {}): ServerAnswer => ({
  status,
  headers: new Headers({ 'content-type': 'text/html', ...headers }),
  body: '<html>',
})
/** Answers of other servers. */
const foreignPages = [page(503), page(429, { 'retry-after': '3' }), page(401), page(200)]
/** Resolves after all microtasks. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Rates for swarm testing: each walk has only some of the kinds, but more of those. */
const swarm = <Kind extends string>(kinds: readonly Kind[], next: () => number): Map<Kind, number> =>
  new Map(kinds.map((kind) => [kind, next() < 0.5 ? 0 : next()]))

/** Performs a walk, and then lets everything come to rest. */
export async function perform(
  walk: Walk,
  server: Server,
  {
    transport = (shipped) => shipped,
    manager = (shipped) => shipped,
    lastMessage = (kept) => kept,
  }: Mutation = {},
): Promise<Violation | undefined> {
  let next = random(walk.seed)
  const choose = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!
  let rates = swarm<Fault>(faults, next)
  const weights = swarm<Action>(actions, next).set('ask', 3).set('sleep', 1)
  const trace: string[] = []
  server.now = startTime
  const users = [await server.createUser(), await server.createUser()]
  const oracle = new Oracle(async (id) => (await Promise.all(users.map(server.alive))).flat().includes(id))
  let isDown = false
  let clockChangesLeft = 3

  const device = new Device(
    startTime,
    transport(sessionServer({ url, appId: 'app' })),
    () => next(),
    (tab, before) => oracle.onCommit(tab, before, device.record),
  )
  device.mutate = manager
  device.recall = lastMessage
  device.storageFails = () => happens('storage')
  const happens = (fault: Fault): boolean => next() < rates.get(fault)! * 0.5

  /** How often each request was sent: all refreshes together, and each revocation by itself. */
  const sent = new Map<string, number>()

  async function serve(request: Request): Promise<void> {
    const kind = request.method === 'POST' ? 'POST' : `${request.method} ${request.body}`
    sent.set(kind, (sent.get(kind) ?? 0) + 1)
    if (device.time - request.sentAt > maxTransit) return
    if (happens('vanished')) return
    if (happens('lost')) return request.answer()
    if (isDown || happens('foreign')) return request.answer(choose(foreignPages))
    if (happens('duplicated'))
      device.pending.push({ kind: 'request', request: { ...request, answer() {} }, run() {} })
    server.now = device.time
    const answer = await server.tokens(request)
    oracle.check(
      !answer.body.includes('"reused"') && !request.body.includes('"displaced"'),
      'I1: the server treated a refresh of an honest tab as theft',
    )
    if (!happens('unanswered')) request.answer(answer)
  }

  const performAction: Readonly<Record<Action, (tab: Tab) => unknown>> = {
    ask: (tab) =>
      void oracle.ask(
        tab,
        choose([
          {},
          {},
          { minValidSeconds: 200 },
          { activity: 'background' },
          { rejected: device.record?.session ? device.record.token : '' },
        ]),
      ),
    async signIn(tab) {
      server.now = device.time
      const result = await server.open(choose(users))
      oracle.signIn(tab, result)
    },
    signOut: (tab) => oracle.signOut(tab),
    crash(tab) {
      device.crash(tab)
      oracle.onCrash(tab, device.open())
    },
    freeze: (tab) => void (tab.frozen = true),
    thaw(tab) {
      tab.frozen = false
      tab.wake()
    },
    wake: (tab) => tab.wake(),
    sleep: () =>
      void (device.time += choose([SECOND, 60 * SECOND, 300 * SECOND, 300 * SECOND, 300 * SECOND, HOUR])),
    clock: () => void (clockChangesLeft-- > 0 && (device.skew = Math.round((next() - 0.5) * 20 * HOUR))),
    clear() {
      device.record = undefined
      device.lastMessage = undefined
      oracle.onClear()
    },
    async revoke() {
      server.now = device.time
      const id = device.record?.session?.id
      if (id) for (const user of users) await server.revoke(user, id)
    },
    outage: () => void (isDown = !isDown),
  }

  /** Lets the microtasks of a step finish, and checks what must always hold. */
  async function finishStep(): Promise<void> {
    await turn()
    server.now = device.time
    await oracle.checkAlways(device.tabs)
  }

  /** Performs a pending event, or else a timer. */
  async function advance(): Promise<void> {
    const event = choose(device.possible())
    if (event) {
      trace.push(
        event.request ? event.request.method : `${event.kind} of tab ${device.tabs.indexOf(event.tab!)}`,
      )
      device.perform(event)
      if (event.request) await serve(event.request)
    } else if (device.tick()) trace.push('time')
  }

  async function step(): Promise<void> {
    const tab = choose(device.tabs)
    const kind = next()
    if (kind < 0.6) return advance()
    if (kind < 0.7) return void (device.tick() && trace.push('time'))
    const total = [...weights.values()].reduce((sum, weight) => sum + weight)
    let rest = next() * total
    const [action] = [...weights].find(([, weight]) => (rest -= weight) < 0)!
    if (tab.frozen && !['thaw', 'crash'].includes(action)) return
    trace.push(`${action} in tab ${device.tabs.indexOf(tab)}`)
    await performAction[action](tab)
  }

  /**
   * Every tab asks each second, and the server always fails. The walk may have left any state behind. The requests must stay
   * below the numbers of docs/cross-tab.md. If the storage fails at times, the tabs cannot share a pause: each keeps its own.
   */
  async function askAllTheTime(): Promise<void> {
    isDown = true
    for (const tab of device.tabs) performAction.thaw(tab)
    sent.clear()
    for (let second = 0; second < busyTime && !oracle.violation; second++) {
      for (const tab of device.tabs) oracle.ask(tab)
      while (device.isBusy()) {
        await advance()
        await turn()
      }
      device.time += SECOND
    }
    const pausing = rates.get('storage') ? device.tabs.length : 1
    for (const [request, times] of sent) {
      const most = request === 'POST' ? mostRefreshes * pausing : mostRevocations * device.tabs.length
      oracle.check(times <= most, `L2: ${times} requests in ${busyTime} seconds: ${request}`)
    }
  }

  /** Ends all faults, and lets every request be answered. Then all tabs must agree. */
  async function comeToRest(): Promise<void> {
    next = random(walk.seed)
    rates = swarm(faults, () => 0)
    isDown = false
    for (const tab of device.tabs) performAction.thaw(tab)
    for (let round = 0; round < 4 && !oracle.violation; round++) {
      device.time += 301 * SECOND
      const calls = device.tabs.map((tab) => oracle.ask(tab))
      for (let steps = 0; steps < 2000 && (oracle.callers.size || device.isBusy()); steps++) {
        await advance()
        await finishStep()
      }
      await oracle.checkAtRest(calls, round === 3)
    }
  }

  for (let tab = 0; tab < 3; tab++) device.open()
  await performAction.signIn(device.tabs[0]!)
  for (const seed of walk.steps) {
    next = random(seed)
    await step()
    await finishStep()
    if (oracle.violation) break
  }
  if (walk.seed % 20 === 0) await askAllTheTime()
  await comeToRest()
  return oracle.violation ? { invariant: oracle.violation, walk, trace } : undefined
}
