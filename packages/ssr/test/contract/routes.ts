import { expect, it } from 'vitest'
import type { Rendered } from '../plain-app.ts'
import { origin } from '../plain-app.ts'
import { epochIn } from '../browser.ts'
import { LIFETIME } from '../session-server.ts'
import { fromScript } from '../world.ts'
import type { ContractOptions, InWorld } from './contract.ts'

const snapshotOf = async (response: Response): Promise<Rendered['snapshot']> =>
  (await response.json()) as Rendered['snapshot']

/** The routes that the browser half asks. */
export function routesContract(inWorld: InWorld, { checksOrigin = false }: ContractOptions): void {
  it(
    'R25: answers scripts of the app, and forms where they may post, and refuses all others',
    inWorld(async (world) => {
      const app = world.instance()
      const script = { 'tokenkeep-session': 'cookie' }
      const cases: [string, Record<string, string>, number][] = [
        ['/auth/token', fromScript, 200],
        // A browser without Sec-Fetch-Site.
        ['/auth/token', { origin, ...script }, 200],
        ['/auth/token', { origin, 'sec-fetch-site': 'same-origin' }, 403],
        ['/auth/token', { ...fromScript, 'sec-fetch-site': 'same-site' }, 403],
        [
          '/auth/token',
          { ...fromScript, origin: 'https://blog.shop.example', 'sec-fetch-site': 'same-site' },
          403,
        ],
        ['/auth/token', { ...script, origin: 'http://shop.example' }, 403],
        ['/auth/token', { ...script, origin: 'null' }, 403],
        ['/auth/token', { ...fromScript, 'sec-fetch-site': 'none' }, 403],
        ['/auth/token', script, 403],
        ['/auth/state', { origin, 'sec-fetch-site': 'same-origin' }, 403],
        ['/auth/sign-out', { origin: 'https://evil.example' }, 403],
        ['/auth/sign-out', {}, 403],
        ['/auth/sign-out', { origin: 'null', 'sec-fetch-site': 'same-origin' }, 303],
      ]
      const browser = await world.signIn(app)
      for (const [path, headers, status] of cases) {
        const response = await world.visit(app, browser, path, { method: 'POST', headers })
        const isRefusedEarly = checksOrigin && headers['origin'] !== origin
        expect([path, headers, response.status]).toEqual([path, headers, isRefusedEarly ? 403 : status])
        expect(response.headers.get('access-control-allow-origin')).toBeNull()
        if (!isRefusedEarly) expect(response.headers.get('cache-control')).toBe('private, no-store')
        if (response.status === 403) expect(response.headers.getSetCookie()).toEqual([])
      }
    }),
  )

  it(
    'R26, J10: changes nothing by GET, HEAD or OPTIONS',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      world.pass(LIFETIME)
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
        for (const path of ['/auth/sign-out', '/auth/token', '/auth/state']) {
          const response = await world.visit(app, browser, path, { method, headers: fromScript })
          expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
          expect(response.headers.getSetCookie()).toEqual([])
        }
      expect(world.server.refreshes).toBe(0)
      expect(await world.server.alive(browser.userId)).toHaveLength(1)
      for (const path of ['/auth', '/auth/', '/auth/toString', '/auth/token/x', '/auth/constructor']) {
        const { status } = await world.visit(app, browser, path, { method: 'POST', headers: fromScript })
        // A framework may redirect a path with a slash at its end.
        expect(path === '/auth/' ? [404, 308] : [404]).toContain(status)
      }
    }),
  )

  it(
    'R27: redirects after a sign-out to a path of this origin only',
    inWorld(async (world) => {
      const app = world.instance()
      const cases = {
        '/orders?page=2#last': '/orders?page=2#last',
        [`${origin}/orders`]: '/orders',
        '//evil.example': '/',
        '/\\evil.example': '/',
        '/\t/evil.example': '/',
        '/%09/evil.example': '/%09/evil.example',
        '/.//evil.example': '/evil.example',
        'https://evil.example/': '/',
        'https://shop.example@evil.example/': '/',
        'javascript:alert(1)': '/',
        '': '/',
      }
      for (const [returnTo, location] of Object.entries(cases)) {
        const browser = await world.signIn(app)
        const response = await world.visit(app, browser, '/auth/sign-out', {
          method: 'POST',
          headers: { origin },
          body: new URLSearchParams({ returnTo }),
        })
        expect([returnTo, response.status, response.headers.get('location')]).toEqual([
          returnTo,
          303,
          location,
        ])
        expect(await world.server.alive(browser.userId)).toEqual([])
      }
    }),
  )

  it(
    'R30: the token route renews what a socket holds: it refreshes only the token that the caller names',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const ask = async (token?: string) => {
        const body = JSON.stringify({ token })
        const response = await world.visit(app, browser, '/auth/token', {
          method: 'POST',
          headers: fromScript,
          body,
        })
        const { state } = await snapshotOf(response)
        return state.token
      }
      const first = await ask()
      world.pass(20)
      expect(await ask('another token')).toBe(first)
      const second = await ask(first)
      expect(second).not.toBe(first)
      // Another tab asks with the token that both had.
      expect(await ask(first)).toBe(second)
      expect(world.server.refreshes).toBe(1)
    }),
  )

  it(
    'R41, J8: answers with the state as plain data, in every status',
    inWorld(async (world) => {
      const app = world.instance()
      const browser = await world.signIn(app)
      const ask = async () =>
        snapshotOf(await world.visit(app, browser, '/auth/state', { method: 'POST', headers: fromScript }))
      const session = expect.objectContaining({ userId: browser.userId, renewable: true })
      const valid = await ask()
      expect(valid).toMatchObject({ at: world.server.now, state: { status: 'valid', session } })
      expect((await world.page(app, browser)).snapshot).toEqual(valid)
      world.pass(LIFETIME)
      world.server.network = 'down'
      const cause = { code: 'unreachable', retryAt: expect.any(Number) }
      expect((await ask()).state).toEqual({ status: 'expired', session, cause, retryAt: expect.any(Number) })
      world.server.network = 'up'
      world.pass(60)
      await world.server.revokeAll(browser.userId)
      expect((await ask()).state).toEqual({ status: 'signed-out', reason: 'revoked' })
    }),
  )

  it(
    'R39: in an app whose browser has no token, no route gives one',
    inWorld(async (world) => {
      const app = world.instance({ browser: 'none' })
      const browser = await world.signIn(app)
      const token = await world.visit(app, browser, '/auth/token', { method: 'POST', headers: fromScript })
      expect(token.status).toBe(404)
      const state = await world.visit(app, browser, '/auth/state', { method: 'POST', headers: fromScript })
      expect((await snapshotOf(state)).state).toMatchObject({ status: 'valid', token: '' })
    }),
  )

  it(
    'R19, R25, J5: forwards API calls of its scripts with the token, and passes cookies in neither direction',
    inWorld(async (world) => {
      const app = world.instance({ browser: 'none' })
      const browser = await world.signIn(app)
      const before = new Map(browser.cookies)
      world.pass(LIFETIME)
      const post = { method: 'POST', headers: { ...fromScript, accept: 'text/plain' }, body: 'quantity=2' }
      world.apiAnswers.push(200)
      const response = await world.visit(app, browser, '/api/orders', post)
      expect([response.status, await response.text(), response.headers.get('x-total')]).toEqual([
        200,
        'orders',
        '2',
      ])
      expect(epochIn(browser)).toBe([...before.values()][0])
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      const [{ headers, body }] = world.apiRequests.splice(0) as [(typeof world.apiRequests)[0]]
      expect([headers.get('authorization'), headers.get('accept'), body]).toEqual([
        expect.stringMatching(/^Bearer ey/),
        'text/plain',
        'quantity=2',
      ])
      expect([headers.get('cookie'), headers.get('tokenkeep-session')]).toEqual([null, null])

      // The API does not accept the token. It is refreshed, and the request is sent once more with its body.
      world.pass(20)
      world.apiAnswers.push(401, 200)
      expect((await world.visit(app, browser, '/api/orders', post)).status).toBe(200)
      const [first, second] = world.apiRequests.splice(0)
      expect(second!.body).toBe('quantity=2')
      expect(second!.headers.get('authorization')).not.toBe(first!.headers.get('authorization'))

      for (const headers of [{ origin }, { ...fromScript, 'sec-fetch-site': 'cross-site' }, {}] as Record<
        string,
        string
      >[])
        for (const method of ['GET', 'POST'])
          expect((await world.visit(app, browser, '/api/orders', { method, headers })).status).toBe(403)
      await world.visit(app, browser, '/auth/sign-out', { method: 'POST', headers: fromScript })
      const out = await world.visit(app, browser, '/api/orders', { headers: fromScript })
      expect([out.status, await out.json()]).toEqual([
        401,
        { error: 'sign-in-required', reason: 'signed-out' },
      ])
      expect(world.apiRequests).toEqual([])
    }),
  )
}
