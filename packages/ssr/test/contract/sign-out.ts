import { expect, it } from 'vitest'
import { createBrowser, epochIn, recordIn } from '../browser.ts'
import type { Rendered } from '../plain-app.ts'
import { LIFETIME } from '../session-server.ts'
import { fromScript, type World } from '../world.ts'
import type { App } from '../plain-app.ts'
import type { Browser } from '../browser.ts'
import type { InWorld } from './contract.ts'

const signOut = (world: World, app: App, browser: Browser): Promise<Response> =>
  world.send(app, browser, '/auth/sign-out', { method: 'POST', headers: fromScript })
const stateOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as Rendered['snapshot']).state
const out = { status: 'signed-out', reason: 'signed-out' }

/** Who is signed in, even if responses arrive late. */
export function signOutContract(inWorld: InWorld): void {
  it(
    'J6: signs out at once, here and at the server',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const response = await signOut(world, app, browser)
      browser.receive(response)
      expect(await stateOf(response)).toEqual(out)
      expect([...browser.cookies]).toEqual([['__Host-tk-shop', 'out']])
      expect((await world.page(app, browser)).snapshot.state).toEqual(out)
      expect(await world.server.alive(browser.userId)).toEqual([])
    }),
  )

  it(
    'R10: ignores a cookie that a refresh brings back after the sign-out, and deletes it',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const late = await world.send(app, browser, '/page')
      browser.receive(await signOut(world, app, browser))
      browser.receive(late)
      expect(recordIn(browser)).toBeDefined()
      const before = world.server.refreshes
      expect((await world.page(app, browser, '/component')).snapshot.state).toEqual(out)
      expect((await world.page(app, browser)).snapshot.state).toEqual(out)
      expect([recordIn(browser), world.server.refreshes]).toEqual([undefined, before])
      expect(await world.server.alive(browser.userId)).toEqual([])
    }),
  )

  it(
    'R11: signs out while the session server is down, and tells it as soon as it is up',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.server.network = 'down'
      const response = await signOut(world, app, browser)
      browser.receive(response)
      expect([epochIn(browser), await stateOf(response)]).toEqual(['out', out])
      expect(await world.server.alive(browser.userId)).toHaveLength(1)
      world.server.network = 'up'
      world.pass(60)
      expect((await world.page(app, browser)).snapshot.state).toEqual(out)
      expect(await world.server.alive(browser.userId)).toEqual([])
      expect([...browser.cookies]).toEqual([['__Host-tk-shop', 'out']])
    }),
  )

  it(
    'R11: asks a server that is down at most twice a minute, for any number of pages',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.server.network = 'down'
      browser.receive(await signOut(world, app, browser))
      let asked = 0
      const { fetch } = world.server
      const counting = world.instance({
        environment: {
          now: () => world.server.now,
          fetch: (url, init) => {
            asked++
            return fetch(url, init)
          },
        },
      })
      for (let second = 0; second < 60; second++) {
        await world.page(counting, browser)
        world.pass(1)
      }
      expect(asked).toBe(2)
    }),
  )

  it(
    'R10, R11: revokes a session that a late cookie brought back while the server was down',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const late = await world.send(app, browser, '/page')
      world.server.network = 'down'
      browser.receive(await signOut(world, app, browser))
      // It overwrites the cookie that held the revocation.
      browser.receive(late)
      world.server.network = 'up'
      world.pass(60)
      await world.page(app, browser)
      expect([recordIn(browser), await world.server.alive(browser.userId)]).toEqual([undefined, []])
    }),
  )

  it(
    'R12: uses nothing of the first user when a late response arrives after a second one signed in',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const first = browser.userId
      world.pass(LIFETIME)
      const late = await world.send(app, browser, '/page')
      const second = await world.signIn(app, browser)
      browser.receive(late)
      for (const path of ['/component', '/page', '/component']) {
        const { snapshot } = await world.page(app, browser, path)
        expect(snapshot.state).toMatchObject({ status: 'valid', session: { userId: second.userId } })
      }
      expect([...browser.cookies]).toHaveLength(2)
      expect([await world.server.alive(first), await world.server.alive(second.userId)]).toEqual([
        [],
        [expect.any(String)],
      ])
    }),
  )

  it(
    'R12: never takes the cookies of a sign-in for strays, wherever a request falls between them',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const user = await world.server.createUser()
      const response = await world.send(app, browser, `/sign-in?user=${user}`, {
        method: 'POST',
        headers: fromScript,
      })
      const cookies = response.headers.getSetCookie()
      expect(cookies).toHaveLength(3)
      // A browser sets the cookies of a response one by one.
      for (const cookie of cookies) {
        browser.receive(new Response(null, { headers: { 'set-cookie': cookie } }))
        const between = createBrowser(new Map(browser.cookies))
        browser.receive(await world.send(app, between, '/page'))
      }
      expect((await world.page(app, browser)).snapshot.state).toMatchObject({ session: { userId: user } })
      expect(await world.server.alive(user)).toHaveLength(1)
    }),
  )

  it(
    'R13: a sign-in revokes the session that was there, and deletes its cookie',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const [first, epoch] = [browser.userId, epochIn(browser)]
      await world.signIn(app, browser)
      expect(await world.server.alive(first)).toEqual([])
      expect([...browser.cookies]).toHaveLength(2)
      expect(epochIn(browser)).not.toBe(epoch)
    }),
  )

  it(
    'R28: a planted session ends with the sign-in, and a page of another site cannot sign anyone in',
    inWorld(async (world) => {
      const app = world.instance()
      const attacker = await world.signIn(app)
      const victim = createBrowser(new Map(attacker.cookies))
      const user = await world.server.createUser()
      await world.signIn(app, victim, user)
      expect(await world.server.alive(attacker.userId)).toEqual([])
      const forged = await world.visit(app, victim, `/sign-in?user=${attacker.userId}`, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      })
      expect(forged.status).toBe(403)
      expect((await world.page(app, victim)).snapshot.state).toMatchObject({ session: { userId: user } })
    }),
  )
}
