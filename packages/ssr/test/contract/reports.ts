import { expect, it } from 'vitest'
import { epochIn, recordIn } from '../browser.ts'
import { LIFETIME } from '../session-server.ts'
import { fromScript } from '../world.ts'
import type { InWorld } from './contract.ts'

/** What users of other libraries have reported. The title of each test names the report. */
export function reportsContract(inWorld: InWorld): void {
  it(
    'a page that does not exist signs nobody out at expiry (nuxt-directus#76, nuxt#26126)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (let round = 0; round < 3; round++) {
        world.pass(LIFETIME)
        await world.visit(app, browser, '/no-such-page')
        expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      }
      expect(await world.server.counts()).toMatchObject({ rotated: 3, reuses: 0 })
    }),
  )

  it(
    'a redirect at expiry carries the new cookie (open-mercato/cezar#97, next-auth#9183)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      const response = await world.visit(app, browser, '/redirect')
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/\/page$/),
      ])
      expect(response.headers.getSetCookie()).toHaveLength(1)
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect((await world.page(app, browser)).snapshot.isUnstored).toBe(false)
      expect(world.server.refreshes).toBe(1)
    }),
  )

  it(
    'a response that refreshes and signs out leaves nobody signed in, in any order of its cookies (saas-starter#116)',
    inWorld(async (world) => {
      const app = world.instance()
      for (const reversed of [false, true]) {
        const browser = await world.signIn(app)
        world.pass(LIFETIME)
        const response = await world.send(app, browser, '/leave', { method: 'POST', headers: fromScript })
        const cookies = response.headers.getSetCookie()
        for (const cookie of reversed ? cookies.toReversed() : cookies)
          browser.receive(new Response(null, { headers: { 'set-cookie': cookie } }))
        expect(epochIn(browser)).toBe('out')
        expect((await world.page(app, browser)).snapshot.state).toEqual({
          status: 'signed-out',
          reason: 'signed-out',
        })
        expect([recordIn(browser), await world.server.alive(browser.userId)]).toEqual([undefined, []])
      }
    }),
  )

  it(
    'a conditional request at expiry gets the new cookie, and never an old page of another user (sveltekit-magic#2)',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const first = await world.visit(app, browser, '/page')
      const tag = first.headers.get('etag') ?? '"none"'
      world.pass(LIFETIME)
      const second = await world.visit(app, browser, '/page', { headers: { 'if-none-match': tag } })
      expect([second.status, second.headers.getSetCookie().length]).toEqual([200, 1])
      const other = await world.signIn(app)
      const third = await world.visit(app, other, '/page', { headers: { 'if-none-match': tag } })
      expect(await third.text()).toContain(other.userId)
    }),
  )
}
