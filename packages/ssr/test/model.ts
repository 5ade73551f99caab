import fc from 'fast-check'
import { createBrowser, epochIn, recordIn, type Browser } from './browser.ts'
import { nodeSeal } from './node-seal.ts'
import type { App, AppOptions, MakeApp, Rendered } from './plain-app.ts'
import type { SealedSignedInRecord } from '../src/session/sealed-record.ts'
import { LIFETIME } from './session-server.ts'
import { createWorld, key } from './world.ts'

// A model of one browser, several instances of an app and a network that loses, delays and reorders, against the real
// session server. It states what must hold; fast-check chooses what happens.

const INSTANCES = 3

/** What becomes of the cookies of a response. `late`: they arrive with a later step, or never. */
type Fate = 'arrives' | 'lost' | 'late'

export type Step =
  /** Parallel requests, each to an instance. */
  | {
      readonly type: 'requests'
      readonly each: readonly { readonly at: number; readonly path: string; readonly fate: Fate }[]
    }
  /** A late response arrives: the one with this number, among those that wait. */
  | { readonly type: 'arrival'; readonly which: number }
  /** An instance is killed and started again. */
  | { readonly type: 'crash'; readonly at: number }
  /** The next answer of the session server is lost. */
  | { readonly type: 'lost answer'; readonly at: number }
  /** The browser is killed and gives back cookies of some writes ago. */
  | { readonly type: 'rollback'; readonly writes: number }
  | { readonly type: 'wait'; readonly seconds: number }

const at = fc.nat({ max: INSTANCES - 1 })
const request = fc.record({
  at,
  path: fc.constantFrom('/page', '/page', '/component', '/proxied', '/page?slow'),
  fate: fc.constantFrom<Fate>('arrives', 'arrives', 'lost', 'late'),
})

/** One step. Most of them expire the token or send requests: else little would happen. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('requests' as const),
      each: fc.array(request, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, LIFETIME / 2, LIFETIME, LIFETIME * 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('arrival' as const), which: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const), at }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('lost answer' as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('rollback' as const), writes: fc.integer({ min: 1, max: 3 }) }),
  },
)

export const steps = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' })

/**
 * The earliest age at which a token is refreshed. The core does not serve a token in the last tenth of its life, and the app refreshes
 * ahead in the quarter before. Milliseconds.
 */
const SOONEST = LIFETIME * 1000 * 0.65

/** How many late generations the server can still check: eight slots. */
const CHECKABLE = 8

export interface Model {
  /** Plays the steps in a browser of its own. Throws as soon as something does not hold. */
  play(steps: readonly Step[]): Promise<void>
  /** A thief uses the refresh token alone, under an id that he can make up. Throws if nobody notices. */
  steal(idOf: (token: string) => string | undefined | Promise<string>, age: number): Promise<void>
  /** What has happened in all walks: a model in which nothing happens proves nothing. */
  readonly seen: { requests: number; lost: number; late: number; rollbacks: number; behind: number }
  close(): Promise<void>
}

export async function createModel(makeApp: MakeApp, options: Partial<AppOptions> = {}): Promise<Model> {
  const world = await createWorld(makeApp)
  const { open } = nodeSeal(key, 'shop')
  const seen = { requests: 0, lost: 0, late: 0, rollbacks: 0, behind: 0 }

  const recordOf = (browser: Browser): SealedSignedInRecord => {
    const name = recordIn(browser)!
    return open(name, browser.cookies.get(name)!) as SealedSignedInRecord
  }
  /** A refresh token of the session server holds its generation. */
  const generationOf = (browser: Browser): number =>
    Buffer.from(recordOf(browser).refreshToken!.slice(4), 'base64url').readUInt32BE(33)

  const reuses = async (browser: Browser): Promise<number> => {
    const { id } = recordOf(browser).session
    return (await world.server.events('reuse')).filter(({ session_id }) => session_id === id).length
  }
  const check = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(what)
  }

  const instance = (): App =>
    world.instance({
      ...options,
      whileRendering: async ({ url }) => void (url.endsWith('slow') && world.pass(LIFETIME * 2)),
    })

  async function play(walk: readonly Step[]): Promise<void> {
    const apps = Array.from({ length: INSTANCES }, instance)
    const browser = await world.signIn(apps[0]!)
    const waiting: Response[] = []
    const writes = [new Map(browser.cookies)]
    const [began, first] = [world.server.now, generationOf(browser)]
    let newest = first

    const receive = (response: Response): void => {
      browser.receive(response)
      if (response.headers.getSetCookie().length === 0) return
      writes.push(new Map(browser.cookies))
    }

    /** Sends a request and checks the answer. */
    async function ask(app: App, path: string): Promise<Response> {
      const sent = generationOf(browser)
      const response = await world.send(app, browser, path)
      const { snapshot } = (await response.json()) as Rendered
      const { status } = snapshot.state
      check(status === 'valid' || status === 'expired', `J1: signed out: ${JSON.stringify(snapshot.state)}`)
      const after = createBrowser(new Map(browser.cookies))
      after.receive(response)
      const isSet = response.headers.getSetCookie().length > 0
      check(!isSet || generationOf(after) > sent, 'J7: the response took the browser back')
      check(epochIn(after) === epochIn(browser), 'the epoch cookie was written')
      newest = Math.max(newest, generationOf(after))
      return response
    }

    for (const each of walk) {
      if (each.type === 'wait') world.pass(each.seconds)
      else if (each.type === 'crash') apps[each.at] = instance()
      else if (each.type === 'lost answer') {
        world.server.network = 'lost'
        receive(await ask(apps[each.at]!, '/page'))
        world.server.network = 'up'
      } else if (each.type === 'rollback') {
        seen.rollbacks++
        const cookies = writes[Math.max(0, writes.length - 1 - each.writes)]!
        browser.cookies.clear()
        for (const [name, value] of cookies) browser.cookies.set(name, value)
      } else if (each.type === 'arrival') {
        const [late] = waiting.splice(each.which, 1)
        if (late) receive(late)
      } else {
        const responses = await Promise.all(each.each.map(({ at: which, path }) => ask(apps[which]!, path)))
        responses.forEach((response, index) => {
          const { fate } = each.each[index]!
          seen.requests++
          if (fate === 'arrives') receive(response)
          if (fate === 'lost') seen.lost++
          if (fate === 'late') {
            seen.late++
            waiting.push(response)
          }
        })
      }
      const behind = newest - generationOf(browser)
      if (behind > 1) seen.behind++
      // The server can no longer check a token that is so far behind: R09 is about that.
      if (behind >= CHECKABLE) return
    }

    // Calm: the next page is served, and what it stores is served too.
    for (const app of apps) {
      world.pass(LIFETIME)
      const response = await world.send(app, browser, '/page')
      const { snapshot } = (await response.json()) as Rendered
      browser.receive(response)
      check(snapshot.state.status === 'valid', `J1: not served: ${JSON.stringify(snapshot.state)}`)
      newest = Math.max(newest, generationOf(browser))
    }
    const expiries = Math.floor((world.server.now - began) / SOONEST)
    check(newest - first <= expiries, `J3: ${newest - first} rotations in ${expiries} expiries`)
    check((await reuses(browser)) === 0, 'J2: an honest copy raised the alarm')
  }

  async function steal(
    idOf: (token: string) => string | undefined | Promise<string>,
    age: number,
  ): Promise<void> {
    const app = instance()
    const browser = await world.signIn(app)
    const refresh = async (): Promise<void> => {
      world.pass(LIFETIME)
      await world.visit(app, browser, '/page')
    }
    await refresh()
    const stolen = recordOf(browser).refreshToken!
    const session = createBrowser(new Map(browser.cookies))
    for (let round = 0; round < age; round++) await refresh()
    const id = await idOf(stolen)
    await world.server.fetch('https://auth.example/v1/apps/shop/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(id && { 'idempotency-key': id }) },
      body: JSON.stringify({ refresh_token: stolen }),
    })
    await refresh()
    check((await reuses(session)) === 1, 'J12: nobody noticed the thief')
  }

  return { play, steal, seen, close: world.close }
}
