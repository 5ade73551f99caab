import { sessionServer, type TokenManager, type Transport } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'
import { random } from '@tokenkeep/testing/random'
import { Device, type Request, type Tab } from './device.ts'
import { Oracle } from './oracle.ts'
import { url, type Answered, type Server } from './server.ts'

export const start = 1_700_000_000_000
const second = 1000
const hour = 3_600_000
/** Milliseconds after which a request is lost. */
const longest = 30 * second

const faults = ['lost', 'vanished', 'unanswered', 'doubled', 'refused', 'storage'] as const
const acts = [
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
type Act = (typeof acts)[number]

/** Wraps the real transport or manager, to break it. */
export interface Mutation {
  readonly transport?: (shipped: Transport<AuthResult>) => Transport<AuthResult>
  readonly manager?: (shipped: TokenManager<AuthResult>) => TokenManager<AuthResult>
}

/** Each step has its own seed, so that a removed step does not change the others. */
export interface Walk {
  readonly seed: number
  readonly steps: readonly number[]
}
export interface Violation {
  readonly invariant: string
  readonly walk: Walk
  readonly trace: readonly string[]
}

const page = (status: number, headers = {}): Answered => ({
  status,
  headers: new Headers({ 'content-type': 'text/html', ...headers }),
  body: '<html>',
})
/** Responses that are not the session server's. */
const foreign = [page(503), page(429, { 'retry-after': '3' }), page(401), page(200)]
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Swarm testing: each walk has only some kinds, and those more often. */
const swarm = <Kind extends string>(kinds: readonly Kind[], draw: () => number): Map<Kind, number> =>
  new Map(kinds.map((kind) => [kind, draw() < 0.5 ? 0 : draw()]))

/** Takes a walk, and then lets everything finish without faults. */
export async function take(
  walk: Walk,
  server: Server,
  { transport = (shipped) => shipped, manager = (shipped) => shipped }: Mutation = {},
): Promise<Violation | undefined> {
  let draw = random(walk.seed)
  const one = <T>(of: readonly T[]): T => of[Math.floor(draw() * of.length)]!
  let rates = swarm<Fault>(faults, draw)
  const weights = swarm<Act>(acts, draw).set('ask', 3).set('sleep', 1)
  const trace: string[] = []
  server.now = start
  const users = [await server.createUser(), await server.createUser()]
  const oracle = new Oracle(async (id) => (await Promise.all(users.map(server.alive))).flat().includes(id))
  let down = false
  let clocks = 3

  const device = new Device(
    start,
    transport(sessionServer({ url, appId: 'app' })),
    () => draw(),
    (tab, before) => oracle.committed(tab, before, device.record),
  )
  device.mutate = manager
  device.storageFails = () => fault('storage')
  const fault = (kind: Fault): boolean => draw() < rates.get(kind)! * 0.5

  async function serve(request: Request): Promise<void> {
    if (device.time - request.sentAt > longest) return
    if (fault('vanished')) return
    if (fault('lost')) return request.answer()
    if (down || fault('refused')) return request.answer(one(foreign))
    if (fault('doubled'))
      device.ready.push({ kind: 'request', request: { ...request, answer() {} }, run() {} })
    server.now = device.time
    const answer = await server.tokens(request)
    oracle.check(!answer.body.includes('"reused"'), 'I1: the server took a tab for a thief')
    if (!fault('unanswered')) request.answer(answer)
  }

  const perform: Readonly<Record<Act, (tab: Tab) => unknown>> = {
    ask: (tab) =>
      void oracle.ask(
        tab,
        one([
          {},
          {},
          { minValidSeconds: 200 },
          { activity: 'background' },
          { rejected: device.record?.session ? device.record.token : '' },
        ]),
      ),
    async signIn(tab) {
      server.now = device.time
      const result = await server.open(one(users))
      oracle.signIn(tab, result)
    },
    signOut: (tab) => oracle.signOut(tab),
    crash(tab) {
      device.crash(tab)
      oracle.crashed(tab, device.open())
    },
    freeze: (tab) => void (tab.frozen = true),
    thaw(tab) {
      tab.frozen = false
      tab.wake()
    },
    wake: (tab) => tab.wake(),
    sleep: () =>
      void (device.time += one([second, 60 * second, 300 * second, 300 * second, 300 * second, hour])),
    clock: () => void (clocks-- > 0 && (device.skew = Math.round((draw() - 0.5) * 20 * hour))),
    clear() {
      device.record = undefined
      oracle.cleared()
    },
    async revoke() {
      server.now = device.time
      const id = device.record?.session?.id
      if (id) for (const user of users) await server.revoke(user, id)
    },
    outage: () => void (down = !down),
  }

  /** Runs all microtasks of a step, and then checks the invariants that must always hold. */
  async function settle(): Promise<void> {
    await turn()
    server.now = device.time
    await oracle.look(device.tabs)
  }

  async function advance(): Promise<void> {
    const possible = device.possible()
    const next = one(possible)
    if (next) {
      trace.push(next.request ? next.request.method : `${next.kind} of tab ${device.tabs.indexOf(next.tab!)}`)
      device.take(next)
      if (next.request) await serve(next.request)
    } else if (device.tick()) trace.push('time')
  }

  async function step(): Promise<void> {
    const tab = one(device.tabs)
    const kind = draw()
    if (kind < 0.6) return advance()
    if (kind < 0.7) return void (device.tick() && trace.push('time'))
    const total = [...weights.values()].reduce((sum, weight) => sum + weight)
    let left = draw() * total
    const [name] = [...weights].find(([, weight]) => (left -= weight) < 0)!
    if (tab.frozen && !['thaw', 'crash'].includes(name)) return
    trace.push(`${name} in tab ${device.tabs.indexOf(tab)}`)
    await perform[name](tab)
  }

  /** Ends the faults. Every request is answered, and all tabs must agree. */
  async function rest(): Promise<void> {
    draw = random(walk.seed)
    rates = swarm(faults, () => 0)
    down = false
    for (const tab of device.tabs) perform.thaw(tab)
    for (let round = 0; round < 4 && !oracle.broken; round++) {
      device.time += 301 * second
      const asked = device.tabs.map((tab) => oracle.ask(tab))
      for (let steps = 0; steps < 2000 && (oracle.asking.size || device.isBusy()); steps++) {
        await advance()
        await settle()
      }
      await oracle.lookAtRest(asked, round === 3)
    }
  }

  for (let tab = 0; tab < 3; tab++) device.open()
  await perform.signIn(device.tabs[0]!)
  for (const seed of walk.steps) {
    draw = random(seed)
    await step()
    await settle()
    if (oracle.broken) break
  }
  await rest()
  return oracle.broken ? { invariant: oracle.broken, walk, trace } : undefined
}
