import { parseSetCookie } from 'cookie'
import { expect, it } from 'vitest'
import { recordIn } from '../../../../../packages/ssr/test/browser.ts'
import type { MakeApp } from '../../../../../packages/ssr/test/plain-app.ts'
import { LIFETIME } from '../../../../../packages/ssr/test/session-server.ts'
import { createWorld, type World } from '../../../../../packages/ssr/test/world.ts'

/** What the router of each framework asks for, instead of the page itself. Undefined: it asks for pages only. */
const dataOf: Readonly<Record<string, ((path: string) => string) | undefined>> = {
  sveltekit: (path) => `${path}/__data.json`,
  'react-router': (path) => `${path}.data`,
  astro: undefined,
  'tanstack-start': undefined,
}

/** What users of these frameworks have reported. The title of each test names the reports. */
export function navigations(name: string, makeApp: MakeApp): void {
  if (!Object.hasOwn(dataOf, name)) return
  const dataPath = dataOf[name]
  const inWorld = (run: (world: World) => Promise<void>) => async () => {
    const world = await createWorld(makeApp)
    try {
      await run(world)
    } finally {
      await world.close()
    }
  }
  const cookiesOf = (response: Response): (string | undefined)[] =>
    response.headers
      .getSetCookie()
      .map((text) => parseSetCookie(text).name)
      .toSorted()
  const forms = (path: string): string[] => (dataPath ? [path, dataPath(path)] : [path])

  it(
    'a redirect that code throws carries the new cookie beside the app’s own (sveltejs/kit#6878, pocketbase#4049, astro#7484, react-router#13657, TanStack/router#3438)',
    inWorld(async (world) => {
      const app = world.instance()
      for (const path of forms('/elsewhere')) {
        const browser = await world.signIn(app)
        world.pass(LIFETIME)
        const { refreshes } = world.server
        const response = await world.visit(app, browser, path)
        expect([path, cookiesOf(response)]).toEqual([path, [recordIn(browser), 'other']])
        expect(response.headers.get('cache-control')).toBe('private, no-store')
        expect((await world.page(app, browser)).snapshot.isUnstored).toBe(false)
        expect(world.server.refreshes - refreshes).toBe(1)
      }
    }),
  )

  it.skipIf(!dataPath)(
    'a request of the router for data carries the new cookie once, and no cache may keep its answer (remix#10421, sveltejs/kit#6458)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const fresh = await world.visit(app, browser, dataPath!('/page'))
      expect([fresh.status, fresh.headers.getSetCookie()]).toEqual([200, []])
      expect(fresh.headers.get('cache-control')).toMatch(/^private, no-(cache|store)$/)
      world.pass(LIFETIME)
      const response = await world.visit(app, browser, dataPath!('/page'))
      expect([response.status, cookiesOf(response)]).toEqual([200, [recordIn(browser)]])
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect(await world.server.counts()).toEqual({ rotated: 1, replayed: 0, reuses: 0 })
    }),
  )

  it(
    'an error page of the session’s layout is kept by no cache, and signs nobody out (sveltejs/kit#12808)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (let round = 0; round < 2; round++) {
        for (const path of forms('/broken')) {
          const response = await world.visit(app, browser, path)
          const body = await response.text()
          expect(body).not.toMatch(/rt1\./)
          const { headers } = response
          // Frameworks differ in whether an error page shows the layout.
          if (body.includes(browser.userId) || headers.has('set-cookie'))
            expect([path, headers.get('cache-control')]).toEqual([path, expect.stringMatching(/private/)])
        }
        world.pass(LIFETIME)
      }
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      expect((await world.server.counts()).reuses).toBe(0)
    }),
  )

  it.skipIf(name !== 'sveltekit')(
    'a page that asks a route of its own app rotates once, and stores the result (sveltekit-magic#3)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (let round = 0; round < 3; round++) {
        world.pass(LIFETIME)
        expect((await world.visit(app, browser, '/inner')).status).toBe(200)
        expect((await world.page(app, browser)).snapshot).toMatchObject({
          isUnstored: false,
          state: { status: 'valid' },
        })
      }
      expect(await world.server.counts()).toMatchObject({ rotated: 3, reuses: 0 })
    }),
  )

  it(
    'a page that does not exist stores what it refreshed, or leaves it to the next page (astro#14136)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const response = await world.visit(app, browser, '/no-such-page')
      expect(response.status).toBe(404)
      if (response.headers.has('set-cookie'))
        expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect((await world.page(app, browser)).snapshot).toMatchObject({
        isUnstored: false,
        state: { status: 'valid' },
      })
      expect(await world.server.counts()).toEqual({ rotated: 1, replayed: 0, reuses: 0 })
    }),
  )
}
