import { parseSetCookie } from 'cookie'
import { expect, it } from 'vitest'
import { createBrowser, epochIn, recordIn, type Browser } from '../browser.ts'
import { nodeSeal } from '../node-seal.ts'
import { LIFETIME } from '../session-server.ts'
import { fromScript, key, olderKey } from '../world.ts'
import type { Rendered } from '../plain-app.ts'
import type { SealedSignedInRecord } from '../../src/session/sealed-record.ts'
import type { SessionEvent } from '../../src/index.ts'
import type { ContractOptions, InWorld } from './contract.ts'

const deletes = (response: Response): (string | undefined)[] =>
  response.headers
    .getSetCookie()
    .map((text) => parseSetCookie(text))
    .filter(({ maxAge }) => maxAge === 0)
    .map(({ name }) => name)

const replaceRecord = (browser: Browser, change: (value: string) => string): string => {
  const name = recordIn(browser)!
  browser.cookies.set(name, change(browser.cookies.get(name)!))
  return name
}

/** What the two cookies are, and what becomes of those that cannot be read. */
export function cookiesContract(inWorld: InWorld, { opensTwice = false }: ContractOptions): void {
  it(
    'R14: ignores and deletes a cookie that was changed or cut, without an error and without a reason',
    inWorld(async (world) => {
      const app = world.instance()
      const changes: ((value: string) => string)[] = [
        (value) => value.slice(0, -2) + (value.endsWith('AA') ? 'BB' : 'AA'),
        (value) => value.slice(0, value.length / 2),
        (value) => value.slice(0, 10),
        () => '',
        () => '%%%=not base64',
        () => 'A'.repeat(5000),
      ]
      for (const change of changes) {
        const browser = await world.signIn(app)
        const name = replaceRecord(browser, change)
        const response = await world.visit(app, browser, '/page')
        const { snapshot } = (await response.json()) as Rendered
        expect(snapshot.state).toEqual({ status: 'signed-out', reason: 'unreadable' })
        expect(deletes(response)).toEqual([name])
        expect((await world.visit(app, browser, '/page')).headers.getSetCookie()).toEqual([])
      }
      expect(world.server.refreshes).toBe(0)
    }),
  )

  it(
    'J9: a cookie of another program whose encoding is broken changes nothing',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (const broken of ['100%', '%E0%A4%A', '%C0%80', '"quoted', '{"a":1}', ''])
        browser.cookies.set(`x${broken.length}`, broken)
      browser.cookies.set('__proto__', 'x')
      expect((await world.page(app, browser)).snapshot.state).toMatchObject({
        status: 'valid',
        session: { userId: browser.userId },
      })
    }),
  )

  it(
    'R14: refuses a record under the name of another epoch',
    inWorld(async (world) => {
      const app = world.instance()
      const [attacker, victim] = [await world.signIn(app), await world.signIn(app)]
      victim.cookies.set(recordIn(victim)!, attacker.cookies.get(recordIn(attacker)!)!)
      expect((await world.page(app, victim)).snapshot.state.status).toBe('signed-out')
    }),
  )

  it(
    'R15: opens what an older key has sealed, and seals it anew at the next refresh only',
    inWorld(async (world) => {
      const browser = await world.signIn(world.instance({ keys: [olderKey] }))
      const app = world.instance({ keys: [key, olderKey] })
      expect((await world.visit(app, browser, '/page')).headers.getSetCookie()).toEqual([])
      expect((await world.page(world.instance({ keys: [olderKey] }), browser)).snapshot.state.status).toBe(
        'valid',
      )
      world.pass(LIFETIME)
      await world.page(app, browser)
      expect((await world.page(world.instance({ keys: [key] }), browser)).snapshot.state.status).toBe('valid')
    }),
  )

  it(
    'R16: keeps a cookie that an unknown key has sealed: another deployment can open it',
    inWorld(async (world) => {
      const newer = world.instance({ keys: [key, olderKey] })
      const rolledBack = world.instance({ keys: [olderKey] })
      const browser = await world.signIn(newer)
      const response = await world.visit(rolledBack, browser, '/page')
      expect(response.headers.getSetCookie()).toEqual([])
      expect(((await response.json()) as Rendered).snapshot.state.status).toBe('signed-out')
      expect((await world.page(newer, browser)).snapshot.state.status).toBe('valid')
    }),
  )

  it(
    'R17: uses a record of a later version, but never rewrites or deletes it',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const { open, close } = nodeSeal(key, 'shop')
      const name = recordIn(browser)!
      const later = replaceRecord(browser, (value) =>
        close(name, { ...open(name, value), v: 2, unknown: [1] }),
      )
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
      world.pass(LIFETIME)
      const response = await world.visit(app, browser, '/page')
      expect(((await response.json()) as Rendered).snapshot.state.status).toBe('valid')
      expect(response.headers.getSetCookie()).toEqual([])
      await world.server.revokeAll(browser.userId)
      world.pass(LIFETIME)
      expect((await world.visit(app, browser, '/page')).headers.getSetCookie()).toEqual([])
      expect(browser.cookies.has(later)).toBe(true)
    }),
  )

  it(
    'R18: leaves a token that does not fit out of the cookie, replays for each request, and warns once',
    inWorld(async (world) => {
      const events: SessionEvent[] = []
      const { fetch } = world.server
      const large = async (url: string, init: RequestInit): Promise<Response> => {
        const response = await fetch(url, init)
        const body = (await response.json()) as { auth_result: object }
        Object.assign(body.auth_result, { auth_token: 'x'.repeat(5000) })
        return Response.json(body, { status: response.status })
      }
      const app = world.instance({
        openSession: async (user) => ({
          ...(await world.server.openSession(user)),
          auth_token: 'x'.repeat(5000),
        }),
        environment: { now: () => world.server.now, fetch: large },
        onEvent: (event) => void events.push(event),
      })
      const browser = await world.signIn(app)
      for (let round = 0; round < 3; round++) {
        const { snapshot, tokens } = await world.page(app, browser)
        expect([snapshot.state.status, tokens[0]!.length]).toEqual(['valid', 5000])
        expect(snapshot.isUnstored).toBe(opensTwice)
        world.pass(LIFETIME * 2)
      }
      const replayed = opensTwice ? 5 : 2
      expect(await world.server.counts()).toEqual({ rotated: 1, replayed, reuses: 0 })
      expect(events.filter(({ type }) => type === 'record-too-large')).toHaveLength(1)
      for (const [name, value] of browser.cookies) expect(name.length + value.length).toBeLessThan(4096)
    }),
  )

  it(
    'R24, J4: no response that sets a cookie may be stored by a cache',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = createBrowser()
      const user = await world.server.createUser()
      const post = { method: 'POST', headers: fromScript }
      const responses = [await world.visit(app, browser, `/sign-in?user=${user}`, post)]
      world.pass(LIFETIME)
      for (const [path, init] of [['/page'], ['/auth/sign-out', post]] as [string, RequestInit?][])
        responses.push(await world.visit(app, browser, path, init))
      for (const response of responses) {
        expect(response.headers.getSetCookie()).not.toEqual([])
        expect(response.headers.get('cache-control')).toBe('private, no-store')
      }
    }),
  )

  it(
    'J7: sends no cookie that has not advanced',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (const path of ['/page', '/page', '/orders', '/proxied'])
        expect((await world.visit(app, browser, path)).headers.getSetCookie()).toEqual([])
    }),
  )

  it(
    'R28, R36: has the prefix __Host-, the app’s id and attributes that keep it from scripts and other sites',
    inWorld(async (world) => {
      const app = world.instance()
      const user = await world.server.createUser()
      const post = { method: 'POST', headers: fromScript }
      const response = await world.send(app, createBrowser(), `/sign-in?user=${user}`, post)
      const [epoch, record] = response.headers.getSetCookie().map((text) => parseSetCookie(text))
      const attributes = { path: '/', secure: true, sameSite: 'lax' }
      expect(epoch).toMatchObject({ name: '__Host-tk-shop', ...attributes })
      expect(epoch!.httpOnly).toBeUndefined()
      expect(record).toMatchObject({ name: `__Host-tk-shop.${epoch!.value}`, httpOnly: true, ...attributes })
      expect(record!.domain).toBeUndefined()
      const strict = world.instance({ cookie: { sameSite: 'strict', domain: 'shop.example' } })
      const other = await world.send(strict, createBrowser(), `/sign-in?user=${user}`, post)
      expect(parseSetCookie(other.headers.getSetCookie()[1]!)).toMatchObject({
        name: expect.stringMatching(/^__Secure-tk-shop\./),
        domain: 'shop.example',
        sameSite: 'strict',
      })
    }),
  )

  it(
    'R36: two apps on one host, and a preview with its own keys, cannot open each other’s cookies',
    inWorld(async (world) => {
      const [shop, blog] = [world.instance(), world.instance({ appId: 'blog' })]
      const browser = await world.signIn(shop)
      const { userId } = await world.signIn(blog, createBrowser(browser.cookies))
      expect([...browser.cookies]).toHaveLength(4)
      expect((await world.page(shop, browser)).snapshot.state).not.toMatchObject({ session: { userId } })
      expect((await world.page(blog, browser)).snapshot.state).toMatchObject({ session: { userId } })
      // The blog’s record under the name of the shop’s.
      const shopName = [...browser.cookies.keys()].find((name) => name.includes('tk-shop.'))!
      const blogName = [...browser.cookies.keys()].find((name) => name.includes('tk-blog.'))!
      const planted = createBrowser(new Map(browser.cookies).set(shopName, browser.cookies.get(blogName)!))
      expect((await world.page(shop, planted)).snapshot.state.status).toBe('signed-out')
      const preview = world.instance({ keys: [olderKey] })
      expect((await world.page(preview, browser)).snapshot.state.status).toBe('signed-out')
    }),
  )

  it(
    'R33: seals with the same bytes as Node’s cryptography, by WebCrypto alone',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const { open, close } = nodeSeal(key, 'shop')
      const name = recordIn(browser)!
      const content = open(name, browser.cookies.get(name)!)
      expect(content).toMatchObject({ v: 1, epoch: epochIn(browser), generation: 0 })
      browser.cookies.set(name, close(name, content))
      expect((await world.page(app, browser)).snapshot.state.status).toBe('valid')
    }),
  )

  it(
    'R39, J5: puts no refresh token and no secret into a page, an event, a header or the epoch cookie',
    inWorld(async (world) => {
      for (const browserHas of ['token', 'none'] as const) {
        const seen: unknown[] = []
        const app = world.instance({ browser: browserHas, onEvent: (event) => void seen.push(event) })
        const browser = await world.signIn(app)
        const { open } = nodeSeal(key, 'shop')
        const name = recordIn(browser)!
        const secrets = new Set<unknown>()
        const visit = async (path: string, init?: RequestInit): Promise<void> => {
          const { secret, refreshToken, retryId, token } = open(
            name,
            browser.cookies.get(name)!,
          ) as SealedSignedInRecord
          for (const each of [secret, refreshToken, retryId, ...(browserHas === 'none' ? [token] : [])])
            secrets.add(each)
          const response = await world.visit(app, browser, path, init)
          const body = (await response.json()) as Partial<Rendered>
          // The test app shows what its components got. A page shows the snapshot.
          seen.push(body.snapshot ?? body, [...response.headers], epochIn(browser))
        }
        await visit('/page')
        world.pass(LIFETIME)
        await visit('/component')
        await visit('/page')
        await visit('/auth/state', { method: 'POST', headers: fromScript })
        const text = JSON.stringify(seen)
        for (const secret of secrets) expect(text).not.toContain(secret)
        expect(secrets.size).toBeGreaterThan(3)
      }
    }),
  )
}
