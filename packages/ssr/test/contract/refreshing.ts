import { expect, it } from 'vitest'
import { createBrowser, epochIn, recordIn } from '../browser.ts'
import { origin, type Rendered } from '../plain-app.ts'
import { INACTIVITY, LIFETIME } from '../session-server.ts'
import { fromScript } from '../world.ts'
import type { ContractOptions, InWorld } from './contract.ts'

const same = (tokens: readonly string[]): number => new Set(tokens).size
const body = async (response: Response): Promise<Rendered> => (await response.json()) as Rendered

/** When and how often a session is refreshed, and what ends it. */
export function refreshingContract(
  inWorld: InWorld,
  { alwaysStores = false, keepsOldCookies = false }: ContractOptions,
): void {
  it(
    'R01: refreshes once for eight components at expiry',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const { tokens } = await world.page(app, browser, '/component')
      expect([tokens.length, same(tokens), world.server.refreshes]).toEqual([8, 1, 1])
      expect(tokens[0]).toMatch(/^ey/)
    }),
  )

  it(
    'R02: rotates once for twelve prefetches and a navigation at expiry, and signs nobody out',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const responses = await Promise.all(Array.from({ length: 13 }, () => world.send(app, browser, '/page')))
      const pages = await Promise.all(responses.map(body))
      responses.forEach(browser.receive)
      // A request that arrives later replays, and gets a newer auth token.
      for (const { tokens } of pages) expect([tokens.length, same(tokens)]).toEqual([8, 1])
      expect(pages.map(({ snapshot }) => snapshot.state.status)).toEqual(Array(13).fill('valid'))
      expect(await world.server.counts()).toMatchObject({ rotated: 1, reuses: 0 })
    }),
  )

  it(
    'R03: replays if components refresh what the proxy has refreshed already',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const { tokens, snapshot } = await world.page(app, browser, '/proxied')
      expect([same(tokens), snapshot.state.status]).toEqual([1, 'valid'])
      // The framework itself, the proxy and the components.
      const replayed = (alwaysStores ? 0 : 1) + (keepsOldCookies ? 2 : 0)
      expect(await world.server.counts()).toEqual({ rotated: 1, replayed, reuses: 0 })
    }),
  )

  it(
    'R04: leads two instances to the same successor, in any order of their answers',
    inWorld(async (world) => {
      const [one, two] = [world.instance(), world.instance()]
      const browser = await world.signIn(one)
      for (let round = 0; round < 5; round++) {
        world.pass(LIFETIME)
        const answers = await Promise.all([one, two].map((app) => world.send(app, browser, '/page')))
        for (const answer of round % 2 ? answers : answers.toReversed()) browser.receive(answer)
      }
      expect(await world.server.counts()).toEqual({ rotated: 5, replayed: 5, reuses: 0 })
    }),
  )

  it(
    'R05, R06: replays after an instance was killed, and whenever cookies are lost, until one is delivered',
    inWorld(async (world) => {
      const browser = await world.signIn(world.instance())
      world.pass(LIFETIME)
      for (let lost = 0; lost < 6; lost++) {
        world.pass(LIFETIME)
        // A new instance has forgotten everything.
        expect((await body(await world.send(world.instance(), browser, '/page'))).snapshot.state.status).toBe(
          'valid',
        )
      }
      expect(await world.server.counts()).toEqual({ rotated: 1, replayed: 5, reuses: 0 })
      await world.page(world.instance(), browser)
      world.pass(LIFETIME)
      await world.page(world.instance(), browser)
      expect(await world.server.counts()).toEqual({ rotated: 2, replayed: 6, reuses: 0 })
    }),
  )

  it(
    'R06: replays if the answer of the session server is lost',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      world.server.network = 'lost'
      expect((await world.page(app, browser)).snapshot.state.status).toBe('expired')
      world.server.network = 'up'
      world.pass(30)
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      expect(await world.server.counts()).toEqual({ rotated: 1, replayed: 1, reuses: 0 })
    }),
  )

  it(
    'R07: replays if answers arrive in reverse order, one generation apart',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const slow = await world.send(app, browser, '/page')
      await world.page(app, browser)
      world.pass(LIFETIME)
      await world.page(app, browser)
      browser.receive(slow)
      world.pass(LIFETIME)
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      expect((await world.server.counts()).reuses).toBe(0)
    }),
  )

  it(
    'R08: serves a browser that is two to eight generations behind, and brings it to the newest',
    inWorld(async (world) => {
      const app = world.instance()
      for (let behind = 2; behind <= 8; behind++) {
        const browser = await world.signIn(app)
        const old = createBrowser(new Map(browser.cookies))
        for (let round = 0; round < behind; round++) {
          world.pass(LIFETIME)
          await world.page(app, browser)
        }
        world.pass(LIFETIME)
        // It is served again and again, as long as nothing can be stored.
        for (const path of ['/component', '/component', '/page', '/page'])
          expect((await world.page(world.instance(), old, path)).snapshot.state.status).toBe('valid')
      }
      expect((await world.server.counts()).reuses).toBe(0)
    }),
  )

  it(
    'R09: shows `expired` to a browser that is further behind, ends nothing and writes nothing',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const restored = createBrowser(new Map(browser.cookies))
      for (let round = 0; round < 10; round++) {
        world.pass(LIFETIME)
        await world.page(app, browser)
      }
      const response = await world.send(app, restored, '/page')
      expect((await body(response)).snapshot.state.status).toBe('expired')
      expect(response.headers.getSetCookie()).toEqual([])
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      expect((await world.server.counts()).reuses).toBe(0)
    }),
  )

  it(
    'R20: while the session server cannot be reached, the page is `expired` with a cause and nothing is written',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      for (const network of ['down', 'failing'] as const) {
        world.server.network = network
        const response = await world.send(app, browser, '/page')
        const { snapshot, tokens } = await body(response)
        expect(snapshot.state).toMatchObject({
          status: 'expired',
          session: { userId: browser.userId },
          cause: { code: 'unreachable' },
        })
        expect(new Set(tokens)).toEqual(new Set(['error: unreachable']))
        expect(response.headers.getSetCookie()).toEqual([])
        world.pass(30)
      }
      world.server.network = 'up'
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
    }),
  )

  it(
    'R21: asks a server that throttles once per instance, until its pause is over',
    inWorld(async (world) => {
      const instances = [world.instance(), world.instance(), world.instance()]
      const browser = await world.signIn(instances[0]!)
      world.pass(LIFETIME)
      world.server.network = 'throttling'
      for (let round = 0; round < 20; round++) {
        const app = instances[round % 3]!
        const { snapshot } = await world.page(app, browser)
        expect(snapshot.state).toMatchObject({
          status: 'expired',
          cause: { code: 'throttled', retryAt: expect.any(Number) },
        })
        world.pass(1)
      }
      expect(world.server.refreshes).toBe(3)
      world.server.network = 'up'
      world.pass(30)
      expect((await world.page(instances[0]!, browser)).snapshot.state.status).toBe('valid')
    }),
  )

  it(
    'R22: shows why the server has ended the session, and keeps the reason',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      await world.server.revokeAll(browser.userId)
      world.pass(LIFETIME)
      const expected = { status: 'signed-out', reason: 'revoked' }
      // A component cannot store the end. The page after it can.
      expect((await world.page(app, browser, '/component')).snapshot.state).toEqual(expected)
      expect((await world.page(app, browser)).snapshot.state).toEqual(expected)
      const { refreshes } = world.server
      expect((await world.page(app, browser)).snapshot.state).toEqual(expected)
      expect((await world.page(world.instance(), browser, '/component')).snapshot.state).toEqual(expected)
      expect(world.server.refreshes).toBe(refreshes)
    }),
  )

  it(
    'R22: repeats the reason for as long as only components see the dead cookie',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      await world.server.revokeAll(browser.userId)
      world.pass(LIFETIME)
      for (let visit = 0; visit < 25; visit++)
        expect((await world.page(app, browser, '/component')).snapshot.state).toEqual({
          status: 'signed-out',
          reason: 'revoked',
        })
    }),
  )

  it(
    'R19: counts lifetimes by the clock of the session server, even if the clocks of the instances are wrong',
    inWorld(async (world) => {
      const instances = [-300_000, 0, 300_000].map((skew) => world.instance({ skew }))
      const browser = await world.signIn(instances[1]!)
      for (let round = 0; round < 12; round++) {
        for (const app of instances) {
          expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
          world.pass(5)
        }
      }
      // Three minutes are three lifetimes. Each instance learns the time once.
      expect((await world.server.counts()).rotated).toBeLessThanOrEqual(3 + 3)
    }),
  )

  it(
    'R19: refreshes once after an API has answered 401, and not if the token has just arrived',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.apiAnswers.push(401)
      expect((await world.visit(app, browser, '/orders')).status).toBe(401)
      world.pass(20)
      world.apiAnswers.push(401)
      expect((await world.visit(app, browser, '/orders')).status).toBe(200)
      world.apiAnswers.push(401)
      expect((await world.visit(app, browser, '/orders')).status).toBe(401)
      expect(world.server.refreshes).toBe(1)
    }),
  )

  it(
    'R29, J11: sends nothing without a cookie or with a fresh token, treats HEAD as GET, and never refreshes for OPTIONS',
    inWorld(async (world) => {
      const app = world.instance()
      for (const method of ['GET', 'HEAD', 'OPTIONS'])
        expect((await world.visit(app, createBrowser(), '/page', { method })).headers.getSetCookie()).toEqual(
          [],
        )
      const browser = await world.signIn(app)
      // Nothing that a page with a fresh token needs is asked of a server.
      world.server.network = 'down'
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      world.server.network = 'up'
      world.pass(LIFETIME)
      const options = await world.visit(app, browser, '/action', { method: 'OPTIONS' })
      expect([options.headers.getSetCookie(), world.server.refreshes]).toEqual([[], 0])
      const head = await world.visit(app, browser, '/page', { method: 'HEAD' })
      expect([head.headers.getSetCookie().length, world.server.refreshes]).toEqual([1, 1])
    }),
  )

  it(
    'R31: refreshes before a form post, keeps its body, and does not redirect',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const response = await world.visit(app, browser, '/action', {
        method: 'POST',
        headers: { origin },
        body: 'quantity=2',
      })
      expect([response.status, await response.text()]).toEqual([200, 'quantity=2'])
      expect((await world.page(app, browser)).snapshot.isUnstored).toBe(false)
      expect(world.server.refreshes).toBe(1)
    }),
  )

  it(
    'R34: refreshes ahead where cookies can be set, at most in the last quarter of a token’s life',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME * 0.7)
      await world.page(app, browser)
      expect(world.server.refreshes).toBe(0)
      world.pass(LIFETIME * 0.1)
      if (!alwaysStores) await world.page(app, browser, '/component')
      expect(world.server.refreshes).toBe(0)
      const response = await world.visit(app, browser, '/page')
      expect([response.headers.getSetCookie().length, world.server.refreshes]).toEqual([1, 1])
    }),
  )

  it(
    'R35: refreshes in memory if rendering takes longer than the token lives',
    inWorld(async (world) => {
      const slow = world.instance({ whileRendering: async () => world.pass(LIFETIME * 2) })
      const browser = await world.signIn(slow)
      world.pass(LIFETIME)
      const { tokens } = await world.page(slow, browser, '/proxied')
      expect(tokens[0]).toMatch(/^ey/)
      // The browser has the proxy’s pair, which is behind now.
      expect((await world.page(world.instance(), browser)).snapshot.state.status).toBe('valid')
      expect((await world.server.counts()).reuses).toBe(0)
    }),
  )

  it.skipIf(alwaysStores)(
    'R40: says that a refresh is not stored, and the next request to a route stores it',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const before = recordIn(browser)
      expect((await world.page(app, browser, '/component')).snapshot.isUnstored).toBe(true)
      const response = await world.visit(app, browser, '/auth/state', { method: 'POST', headers: fromScript })
      const snapshot = (await response.json()) as Rendered['snapshot']
      expect([snapshot.isUnstored, snapshot.state.status]).toEqual([false, 'valid'])
      expect([recordIn(browser), epochIn(browser)]).toEqual([before, before!.split('.')[1]])
      expect((await world.page(app, browser, '/component')).snapshot.isUnstored).toBe(false)
      expect(world.server.refreshes).toBe(2)
    }),
  )

  it(
    'R40: does not sign out an active user as inactive, although no refresh can be stored',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (let second = 0; second < 2 * INACTIVITY; second += LIFETIME) {
        world.pass(LIFETIME)
        expect((await world.page(app, browser, '/component')).snapshot.state.status).toBe('valid')
      }
      expect(await world.server.counts()).toMatchObject({ rotated: 1, reuses: 0 })
      world.pass(INACTIVITY)
      expect((await world.page(app, browser, '/component')).snapshot.state).toEqual({
        status: 'signed-out',
        reason: 'inactive',
      })
    }),
  )
}
