import fc from 'fast-check'
import type { SessionStore } from '../src/stores/session-store.ts'
import { createBrowser, epochIn, type Browser } from './browser.ts'
import type { StoreUnderTest } from './stores.ts'
import { copyOf, createStrictWorld, LIFETIME, tokenOf, type Family } from './strict-world.ts'

// A model of one browser, several instances of an app that share a store, and a server that accepts each refresh token
// once. It states what must hold; fast-check chooses what happens.

const INSTANCES = 3
/** Longer than a lease. Seconds. */
const LONG = 20

/** What becomes of the cookies of a response. `late`: they arrive with a later step, or never. */
type Fate = 'arrives' | 'lost' | 'late'

/** Where an instance is killed, or frozen for longer than its lease. No answer of the server is lost there. */
const points = [
  'before read',
  'after read',
  'before lease',
  'after lease',
  'before send',
  'after save',
] as const
type Point = (typeof points)[number]

/** What is wrong while the requests of a step are served. `lost`: the store acts, and its answer to a save is lost. */
type Weather = 'fine' | 'store down' | 'store lost' | 'store down after send' | 'server down'

interface Fault {
  readonly kind: 'killed' | 'frozen'
  readonly point: Point
}

type Step =
  /** Parallel requests, each to an instance. With `leaves`, one of them signs out. */
  | {
      readonly type: 'requests'
      readonly each: readonly { readonly at: number; readonly fate: Fate }[]
      readonly weather: Weather
      readonly fault: (Fault & { readonly at: number }) | undefined
      readonly leaves: boolean
    }
  | { readonly type: 'arrival'; readonly which: number }
  | { readonly type: 'rollback'; readonly writes: number }
  | { readonly type: 'wait'; readonly seconds: number }

const at = fc.nat({ max: INSTANCES - 1 })
const fate = fc.constantFrom<Fate>('arrives', 'arrives', 'lost', 'lost', 'late')

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('requests' as const),
      each: fc.array(fc.record({ at, fate }), { minLength: 1, maxLength: 5 }),
      weather: fc.constantFrom<Weather>(
        'fine',
        'fine',
        'fine',
        'fine',
        'store down',
        'store lost',
        'store down after send',
        'server down',
      ),
      fault: fc.option(
        fc
          .record({
            at,
            fault: fc.oneof(
              fc.record({ kind: fc.constant('killed' as const), point: fc.constantFrom(...points) }),
              // No client can help if it freezes in the moment between its last look at the clock and the request.
              fc.record({
                kind: fc.constant('frozen' as const),
                point: fc.constantFrom(...points.filter((point) => point !== 'before send')),
              }),
            ),
          })
          .map(({ at: which, fault }) => ({ at: which, ...fault })),
        { nil: undefined },
      ),
      leaves: fc.nat({ max: 7 }).map((number) => number === 0),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, LIFETIME, LIFETIME * 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('arrival' as const), which: fc.nat({ max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('rollback' as const), writes: fc.integer({ min: 1, max: 5 }) }),
  },
)

export const sharedSteps = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' })

/** What has happened in all walks: a model in which nothing happens proves nothing. */
export const nothingSeen = () => ({
  requests: 0,
  rotations: 0,
  lost: 0,
  late: 0,
  killed: 0,
  frozen: 0,
  rollbacks: 0,
  signOuts: 0,
  storeFailures: 0,
})

const never = new Promise<never>(() => undefined)
const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** Plays the steps in a browser of its own. Throws as soon as something does not hold. `skip`: lets time pass everywhere. */
export async function playShared(
  walk: readonly Step[],
  place: StoreUnderTest,
  passOnMachine: (seconds: number) => void,
  seen: ReturnType<typeof nothingSeen>,
): Promise<void> {
  const { server, instance, now, pass } = createStrictWorld()
  let weather: Weather = 'fine'
  const letPass = async (seconds: number): Promise<void> => {
    pass(seconds)
    passOnMachine(seconds)
    if (seconds >= LONG) await place.lapse()
  }

  /** When the current token of a session was issued. */
  const issuedAt = new Map<Family, number>()
  async function serve(url: string, init: RequestInit): Promise<Response> {
    if (weather === 'server down') throw new TypeError('fetch failed')
    const before = server.families.map(({ generation }) => generation)
    const response = await server.fetch(url, init)
    for (const family of server.families) {
      if (family.generation === before[Number(family.name)]) continue
      seen.rotations++
      check(
        now() - issuedAt.get(family)! >= (LIFETIME - 5) * 1000,
        'a token was refreshed that had not expired',
      )
      issuedAt.set(family, now())
    }
    return response
  }

  function start() {
    let isDead = false
    let hasSent = false
    let fault: Fault | undefined
    let stop = (): void => undefined
    let wake = (): void => undefined
    const killed = new Promise<void>((resolve) => (stop = resolve))
    const awake = new Promise<void>((resolve) => (wake = resolve))

    async function reach(point: Point): Promise<void> {
      if (isDead) await never
      if (fault?.point !== point) return
      const { kind } = fault
      fault = undefined
      seen[kind]++
      if (kind === 'killed') {
        isDead = true
        stop()
      }
      // Only this instance can have the lease.
      if (point === 'after lease' || point === 'before send') await letPass(LONG)
      await (kind === 'killed' ? never : awake)
    }
    const fail = (): never => {
      seen.storeFailures++
      throw new Error('The store is down.')
    }
    const store: SessionStore = {
      async read(key) {
        await reach('before read')
        if (weather === 'store down' || (weather === 'store down after send' && hasSent)) fail()
        const entry = await place.store.read(key)
        await reach('after read')
        return entry
      },
      async write(key, fence, entry) {
        const isLease = entry.lease === 15_000
        if (isLease) await reach('before lease')
        if (isDead) await never
        if (weather === 'store down' || (weather === 'store down after send' && hasSent)) fail()
        const isWritten = await place.store.write(key, fence, entry)
        if (weather === 'store lost' && !isLease) {
          weather = 'fine'
          fail()
        }
        if (isWritten) await reach(isLease ? 'after lease' : 'after save')
        return isWritten
      },
    }
    const app = instance({
      store,
      async fetch(url, init) {
        await reach('before send')
        hasSent = true
        // The store comes back while the instance still tries.
        if (weather === 'store down after send') setTimeout(() => (hasSent = false), 50)
        return serve(url, init)
      },
    })
    return {
      ...app,
      killed,
      wake: () => wake(),
      prepare: (next: Fault) => void (fault = next),
    }
  }

  const apps = Array.from({ length: INSTANCES }, start)
  const browser = createBrowser()
  const waiting: Headers[] = []
  let writes: Map<string, string>[] = []
  let family: Family

  const receive = (headers: Headers): void => {
    const epoch = epochIn(browser)
    browser.receive({ headers })
    check(epochIn(browser) === epoch, 'a refresh wrote the epoch cookie')
    writes.push(new Map(browser.cookies))
  }
  async function signIn(): Promise<void> {
    const { family: started } = await apps[0]!.signIn(browser)
    family = started
    issuedAt.set(family, now())
    writes = [new Map(browser.cookies)]
  }
  await signIn()

  async function ask(app: (typeof apps)[number], errors: readonly string[]): Promise<Headers | undefined> {
    seen.requests++
    const answer = await Promise.race([app.serve(copyOf(browser), tokenOf), app.killed])
    if (!answer) return undefined
    const { result, headers } = answer
    check(result.startsWith('access') || errors.includes(result), `not served: ${result}`)
    return headers
  }

  for (const each of walk) {
    if (each.type === 'wait') await letPass(each.seconds)
    else if (each.type === 'arrival') {
      const [headers] = waiting.splice(each.which, 1)
      if (headers) receive(headers)
    } else if (each.type === 'rollback') {
      seen.rollbacks++
      browser.cookies.clear()
      for (const [name, value] of writes[Math.max(0, writes.length - 1 - each.writes)]!)
        browser.cookies.set(name, value)
    } else {
      weather = each.weather
      const { fault } = each
      if (fault) apps[fault.at]!.prepare(fault)
      // A frozen instance wakes when the others have been served.
      const frozen = fault?.kind === 'frozen' ? apps[fault.at] : undefined
      const before = copyOf(browser)
      const leaving = each.leaves ? leave(before) : undefined
      const errors = [
        ...(each.leaves ? ['sign-in-required'] : []),
        ...(weather !== 'fine' || fault ? ['unreachable'] : []),
      ]
      const asked = each.each.map(async ({ at: which, fate: next }) => {
        const headers = await ask(apps[which]!, errors)
        return headers && { headers, next }
      })
      const others = asked.filter((_, index) => apps[each.each[index]!.at] !== frozen)
      await Promise.all([...others, leaving])
      frozen?.wake()
      for (const answered of await Promise.all(asked)) {
        if (!answered) continue
        if (answered.next === 'arrives') receive(answered.headers)
        else seen[answered.next]++
        if (answered.next === 'late') waiting.push(answered.headers)
      }
      weather = 'fine'
      // A failure pauses refreshes for some seconds.
      if (each.weather !== 'fine') await letPass(LONG)
      if (fault) apps[fault.at] = start()
      if (each.leaves) {
        await haveLeft(before)
        await signIn()
      }
    }
    check(family!.isAlive, 'the session was lost')
    check(family!.requests === family!.generation, 'a refresh token was sent twice')
  }

  /** Signs out at an instance that has no fault. */
  async function leave(with_: Browser): Promise<void> {
    seen.signOuts++
    const { headers } = await start().serve(copyOf(with_), async (session) => session.signOut())
    browser.receive({ headers })
  }
  async function haveLeft(before: Browser): Promise<void> {
    check(epochIn(browser) === 'out', 'the sign-out was undone')
    // What was pending is completed by the next request.
    await letPass(LIFETIME)
    await start().token(browser)
    check(!family.isAlive, 'the session outlives its sign-out')
    const { requests } = family
    check((await start().token(before)) === 'sign-in-required', 'an old cookie still works')
    check(family.requests === requests, 'a refresh was sent after the sign-out')
  }

  // Calm: the next pages are served.
  for (const app of apps) {
    await letPass(LIFETIME)
    const headers = await ask(app, [])
    browser.receive({ headers: headers! })
  }
  check(family!.isAlive, 'the session was lost')
}
